package ebbtide.bench.flow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import ebbtide.bench.train.FlowObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import jdk.jfr.FlightRecorder;

/**
 * Records the gradient curve of every N-th update of a training: a line of JSON for each layer, {@code
 * {"update", "layer", "direction", "rate", "mean": [T], "low": [T], "median": [T], "high": [T]}}, low and high being
 * the 5 % and 95 % quantiles of ‖∂L/∂h_t‖ over the batch, and an event of Java Flight Recorder for each
 * time step, {@code ebbtide.GradientFlow}. L is the loss that is trained, of all steps that have one.
 */
public final class FlowLog implements FlowObserver {
    /** Without data binding, whose start takes as long as several updates. */
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LOW = 0;
    private static final int MEDIAN = 2;
    private static final int HIGH = 4;

    private final long every;
    private final int directions;
    private final Writer lines;

    /**
     * Creates a log.
     *
     * @param every N
     * @param directions of a layer
     * @param lines receives the JSON; the caller closes it
     */
    public FlowLog(long every, int directions, Writer lines) {
        this.every = every;
        this.directions = directions;
        this.lines = lines;
    }

    @Override
    public boolean wants(long update) {
        return update % every == 0;
    }

    @Override
    public void observe(long update, double[][][] norms) {
        try {
            for (int run = 0; run < norms.length; run++) {
                write(update, run, new Curve(norms[run]));
            }
            lines.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(long update, int run, Curve curve) throws IOException {
        int steps = curve.steps();
        double[] mean = new double[steps];
        double[][] quantiles = new double[steps][];
        for (int t = 0; t < steps; t++) {
            mean[t] = curve.mean(t);
            quantiles[t] = curve.quantiles(t);
            commit(update, run, t, mean[t], quantiles[t]);
        }
        JsonGenerator json = JSON.createGenerator(lines);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeNumberField("update", update);
        json.writeNumberField("layer", run / directions);
        json.writeStringField("direction", direction(run));
        json.writeFieldName("rate");
        number(json, curve.rate());
        array(json, "mean", mean);
        array(json, "low", column(quantiles, LOW));
        array(json, "median", column(quantiles, MEDIAN));
        array(json, "high", column(quantiles, HIGH));
        json.writeEndObject();
        json.close();
        lines.write('\n');
    }

    private String direction(int run) {
        return run % directions == 0 ? "forward" : "reverse";
    }

    private void commit(
            long update, int run, int t, double mean, double[] quantiles) {
        if (!FlightRecorder.isInitialized()) {
            // Nobody records; the first event would start the recorder.
            return;
        }
        GradientFlowEvent event = new GradientFlowEvent();
        if (event.shouldCommit()) {
            event.update = update;
            event.layer = run / directions;
            event.direction = direction(run);
            event.timeStep = t + 1;
            event.mean = mean;
            event.low = quantiles[LOW];
            event.median = quantiles[MEDIAN];
            event.high = quantiles[HIGH];
            event.commit();
        }
    }

    private static double[] column(double[][] rows, int column) {
        double[] values = new double[rows.length];
        for (int t = 0; t < rows.length; t++) {
            values[t] = rows[t][column];
        }
        return values;
    }

    private static void array(JsonGenerator json, String name, double[] values)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (double value : values) {
            number(json, value);
        }
        json.writeEndArray();
    }

    /** JSON has no NaN and no infinity. */
    private static void number(JsonGenerator json, double value) throws IOException {
        if (Float.isFinite((float) value)) {
            json.writeNumber((float) value);
        } else {
            json.writeNull();
        }
    }
}
