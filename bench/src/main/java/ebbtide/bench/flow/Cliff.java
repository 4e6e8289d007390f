package ebbtide.bench.flow;

import ebbtide.bench.plot.Charts;
import ebbtide.bench.plot.Report;
import ebbtide.engine.Gradients;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.engine.optim.Clip;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;

/**
 * The cliff: x_t = w·σ(x_{t−1}) + b from x_0 = 1/2 over 50 steps, with the loss (σ(x_50) − 0.7)². With h
 * = σ(x) that is a recurrent network of one unit, and the engine gives loss and gradient. Source: R.
 * Pascanu, T. Mikolov, Y. Bengio, ICML 2013, figure 6.
 */
public final class Cliff implements Experiment {
    private static final int STEPS = 50;
    private static final double TARGET = 0.7;
    private static final double START = 0.5;
    private static final double RATE = 0.1;
    private static final float THRESHOLD = 1f;
    private static final int UPDATES = 400;

    private final Rnn rnn = Rnn.sigmoid(1, 1).build(0);
    private final Plan plan = rnn.plan(STEPS, 1);
    private final Gradients gradients = rnn.gradients();
    private final Tensor x = Tensor.zeros(STEPS, 1, 1);
    private final Tensor dhn = Tensor.zeros(1, 1, 1);
    private final Tensor h0 = Tensor.of(
            new float[] {(float) (1 / (1 + Math.exp(-START)))}, 1, 1, 1);

    /** Creates the experiment. */
    public Cliff() {
        rnn.parameters().write("bias_hh_l0", new float[1]);
    }

    @Override
    public String name() {
        return "cliff";
    }

    @Override
    public String prediction() {
        return "Over 50 steps of x_t = w sigmoid(x_(t-1)) + b the loss has a cliff where the gradient is"
                + " more than 1000 times its median. A step of gradient descent from its edge leaves the"
                + " picture; clipped to a norm of 1 it goes at most the learning rate, and the loss ends"
                + " lower.";
    }

    /** A point of the surface. */
    private record Point(double w, double b, double loss, double dw, double db) {
        double slope() {
            return Math.hypot(dw, db);
        }
    }

    /** Returns loss and gradient at (w, b). */
    private Point at(double w, double b) {
        forward(w, b);
        gradients.zero();
        plan.backward(null, dhn, null, null, gradients);
        double error = plan.output().at(STEPS - 1, 0, 0) - TARGET;
        return new Point(
                w, b, error * error, gradients.read("weight_hh_l0")[0],
                gradients.read("bias_ih_l0")[0]);
    }

    private void forward(double w, double b) {
        rnn.parameters().write("weight_hh_l0", new float[] {(float) w});
        rnn.parameters().write("bias_ih_l0", new float[] {(float) b});
        plan.forward(x, h0, null, null);
        dhn.data()[0] = 2 * (plan.output().at(STEPS - 1, 0, 0) - (float) TARGET);
    }

    /** Returns {loss, ∂L/∂w, ∂L/∂b} by the engine. */
    double[] engine(double w, double b) {
        Point point = at(w, b);
        return new double[] {point.loss, point.dw, point.db};
    }

    /** Follows the gradient from a point; clipped if {@code limit} is above 0. */
    private List<Point> descend(Point from, float limit) {
        Clip clip = new Clip(rnn.kernels());
        List<Point> path = new ArrayList<>(List.of(from));
        for (int update = 0; update < UPDATES; update++) {
            Point now = path.getLast();
            at(now.w, now.b);
            // The network's two biases are one parameter here, b.
            gradients.array()[rnn.parameters().layout().slot("bias_hh_l0").offset()] = 0f;
            gradients.array()[rnn.parameters().layout().slot("weight_ih_l0").offset()] = 0f;
            if (limit > 0) {
                clip.byGlobalNorm(gradients, limit);
            }
            path.add(
                    at(
                            now.w - RATE * gradients.read("weight_hh_l0")[0],
                            now.b - RATE * gradients.read("bias_ih_l0")[0]));
        }
        return path;
    }

    @Override
    public Outcome run(boolean quick, Workers workers, Progress progress) {
        int grid = quick ? 41 : 81;
        double[] ws = IntStream.range(0, grid).mapToDouble(i -> 4 + 4.0 * i / (grid - 1)).toArray();
        double[] bs =
                IntStream.range(0, grid).mapToDouble(i -> -4 + 3.0 * i / (grid - 1)).toArray();
        double[][] losses = new double[grid][grid];
        double[][] slopes = new double[grid][grid];
        List<List<?>> rows = new ArrayList<>();
        Point steepest = at(ws[0], bs[0]);
        for (int r = 0; r < grid; r++) {
            progress.at(0.8 * r / grid, "loss surface");
            for (int c = 0; c < grid; c++) {
                Point point = at(ws[c], bs[r]);
                losses[r][c] = point.loss;
                slopes[r][c] = Math.log10(point.slope());
                rows.add(List.of(point.w, point.b, point.loss, point.slope()));
                steepest = point.slope() > steepest.slope() ? point : steepest;
            }
        }
        steepest = sharpen(steepest, ws[1] - ws[0], bs[1] - bs[0]);
        double median = Curve.quantile(
                Arrays.stream(slopes).flatMapToDouble(Arrays::stream).map(s -> Math.pow(10, s))
                        .toArray(),
                0.5);
        List<Point> plain = descend(steepest, 0);
        List<Point> clipped = descend(steepest, THRESHOLD);
        double leap = distance(plain.get(0), plain.get(1));
        double step = distance(clipped.get(0), clipped.get(1));
        double ratio = steepest.slope() / median;
        boolean holds = ratio > 1000 && leap > 4 && step <= RATE * THRESHOLD * 1.01
                && clipped.getLast().loss < plain.getLast().loss
                && clipped.getLast().loss < clipped.getFirst().loss;
        String measured =
                "the cliff at w = %.3f, b = %.3f has a gradient of %s, %s times the median; one step goes %s, clipped %s; after %d updates the loss is %s, clipped %s"
                        .formatted(
                                steepest.w, steepest.b, Report.number(steepest.slope()),
                                Report.number(ratio), Report.number(leap), Report.number(step),
                                UPDATES, Report.number(plain.getLast().loss),
                                Report.number(clipped.getLast().loss));
        Report page = new Report("The cliff");
        page.text(prediction()).verdict((holds ? "Holds: " : "Fails: ") + measured);
        draw(page, ws, bs, losses, slopes, rows, steepest, plain, clipped);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("w", steepest.w);
        figures.put("b", steepest.b);
        figures.put("gradient", steepest.slope());
        figures.put("timesMedian", ratio);
        figures.put("step", leap);
        figures.put("clippedStep", step);
        figures.put("loss", plain.getLast().loss);
        figures.put("clippedLoss", clipped.getLast().loss);
        return new Outcome(measured, holds, figures, page);
    }

    private static double distance(Point a, Point b) {
        return Math.hypot(a.w - b.w, a.b - b.b);
    }

    /** Looks for the steepest point nearby, on finer and finer grids. */
    private Point sharpen(Point from, double dw, double db) {
        Point best = from;
        for (double scale = 1; scale > 1e-4; scale /= 4) {
            Point centre = best;
            for (int i = -4; i <= 4; i++) {
                for (int j = -4; j <= 4; j++) {
                    Point point = at(
                            centre.w + i * dw * scale / 4, centre.b + j * db * scale / 4);
                    best = point.slope() > best.slope() ? point : best;
                }
            }
        }
        return best;
    }

    private void draw(
            Report page,
            double[] ws,
            double[] bs,
            double[][] losses,
            double[][] slopes,
            List<List<?>> rows,
            Point edge,
            List<Point> plain,
            List<Point> clipped) {
        int eighth = (ws.length - 1) / 8;
        List<String> columns = Charts.labels(ws, eighth, "%.1f");
        List<String> lines = Charts.labels(bs, 2 * eighth, "%.2f");
        page.chart(
                "loss",
                Charts.heat(
                        "Loss after 50 steps", "w (1)", "b (1)", columns, lines, losses, 0, 0.5),
                "Dark is a loss of 0, light one of 0.5 and more. Two basins, and between them a wall.");
        page.chart(
                "slope",
                Charts.heat(
                        "Norm of its gradient", "w (1)", "b (1)", columns, lines,
                        slopes, -4, 3),
                "Dark is a norm of 1e-4 and less, light one of 1000 and more, by decades. On the wall the gradient is decades above its surroundings.");
        double[] b =
                IntStream.rangeClosed(-200, 200).mapToDouble(i -> edge.b + i / 400.0).toArray();
        XYChart cut = Charts.lines(
                "The cut at w = %.3f".formatted(edge.w), "b (1)", "loss (1)");
        Charts.line(
                cut, "loss", b, Arrays.stream(b).map(v -> at(edge.w, v).loss).toArray());
        page.chart("cut", cut, "The loss along b through the steepest point.");
        XYChart descent = Charts.decades(
                Charts.lines("Two descents", "update", "loss (1)"));
        double[] updates = IntStream.range(0, plain.size()).asDoubleStream().toArray();
        Charts.line(descent, "plain", updates, plain.stream().mapToDouble(Point::loss).toArray());
        Charts.line(
                descent, "clipped to 1", updates,
                clipped.stream().mapToDouble(Point::loss).toArray());
        page.chart(
                "descent", descent,
                "Gradient descent with a learning rate of 0.1 from the edge of the cliff. The clipped one bounces off the wall and slides along it into the valley.");
        List<List<?>> path = new ArrayList<>();
        for (int i = 0; i < plain.size(); i++) {
            path.add(
                    List.of(
                            i, plain.get(i).w, plain.get(i).b, plain.get(i).loss, clipped.get(i).w,
                            clipped.get(i).b, clipped.get(i).loss));
        }
        page.link(
                "descent", "The descents,",
                List.of("update", "w", "b", "loss", "clipped w", "clipped b", "clipped loss"),
                path);
        page.link("surface", "The surface,", List.of("w", "b", "loss", "gradient norm"), rows);
    }
}
