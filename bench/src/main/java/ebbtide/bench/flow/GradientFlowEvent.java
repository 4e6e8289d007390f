package ebbtide.bench.flow;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The norm of the gradient at one time step of one layer in one update of a training. */
@Name("ebbtide.GradientFlow")
@Label("Gradient Flow")
@Category("Ebbtide")
@Description("Norm of the gradient of the loss with respect to the state h_t, over the batch")
@StackTrace(false)
final class GradientFlowEvent extends Event {
    @Label("Update")
    long update;
    @Label("Layer")
    int layer;
    @Label("Direction")
    String direction;
    @Label("Time Step")
    int timeStep;
    @Label("Mean")
    double mean;
    @Label("5 % Quantile")
    double low;
    @Label("Median")
    double median;
    @Label("95 % Quantile")
    double high;
}
