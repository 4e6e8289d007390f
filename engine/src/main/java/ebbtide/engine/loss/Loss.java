package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;

/**
 * The mean of a loss over the rows of [steps, batch, features]: L = Σ w[t, b]·ℓ[t, b] / Σ w[t, b],
 * w = mask·weight of the sequence, 1 where neither is given. With all weights 1 it is PyTorch's
 * {@code reduction='mean'}. A row of weight 0 takes no part whatever it holds, NaN included: its
 * loss and its gradient are 0. A NaN in any other row makes the loss NaN.
 *
 * <p>A loss is made for one (steps, batch, features) and owns its workspace; computing allocates
 * nothing. The result is one number whatever the number of threads: rows are computed each by
 * itself, and their losses are added as {@link ebbtide.kernels.Reductions#sum} does, in the order
 * t·batch + b. The gradient may be written over the outputs (the same view). Not safe for use by
 * several threads.
 */
public abstract sealed class Loss
        permits SoftmaxCrossEntropy, MeanSquaredError, BinaryCrossEntropy {
    /** Floats of a scratch matrix that stays in L1 while a block of rows is computed. */
    private static final int BLOCK = 2048;

    /** The kernels. */
    final Kernels kernels;

    /** What each row counts. */
    final RowWeights weights;

    /** The loss of each row, t·batch + b. */
    final float[] losses;

    private final int steps;
    private final int batch;
    private final int features;
    private final int blockRows;
    private final Workers workers;
    private final Workers.Task task = this::run;
    private final Scratch[] scratch;
    private Tensor output;
    private Tensor target;
    private Tensor gradient;

    /** Rows on their way to the kernel and back, where a view cannot be handed to it as it is. */
    private record Scratch(float[] output, float[] target, float[] gradient) {}

    Loss(
            Kernels kernels,
            Workers workers,
            int steps,
            int batch,
            int features,
            int divisor) {
        if (steps < 1 || batch < 1 || features < 1) {
            throw new IllegalArgumentException(
                    "loss: expected steps, batch and features of at least 1, got %d, %d, %d"
                            .formatted(steps, batch, features));
        }
        if ((long) steps * batch > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "loss: expected steps x batch below 2^31 - 8, got %d x %d".formatted(steps,
                            batch));
        }
        this.kernels = kernels;
        this.workers = workers;
        this.steps = steps;
        this.batch = batch;
        this.features = features;
        this.weights = new RowWeights(steps, batch, divisor);
        this.losses = new float[steps * batch];
        this.blockRows = Math.clamp(BLOCK / Panels.padded(features), 1, batch);
        this.scratch = new Scratch[workers.threads()];
        int size = Math.multiplyExact(blockRows, Panels.padded(features));
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch(new float[size], new float[size], new float[size]);
        }
    }

    /** Returns the steps that this loss was made for. */
    public final int steps() {
        return steps;
    }

    /** Returns the sequences that this loss was made for. */
    public final int batch() {
        return batch;
    }

    /** Returns the features of a row that this loss was made for. */
    public final int features() {
        return features;
    }

    /** Runs the kernel over every row and returns the mean; {@link #weights} are set. */
    final float mean(Tensor output, Tensor target, Tensor gradient) {
        this.output = output;
        this.target = target;
        this.gradient = gradient;
        workers.run(task);
        return kernels.reductions().sum(losses, 0, losses.length);
    }

    /** Checks the views before anything is written. */
    final void requireViews(Tensor output, Tensor target, Tensor mask, Tensor gradient) {
        requireShape("outputs", output);
        if (target != null) {
            requireShape("targets", target);
        }
        if (gradient != null) {
            requireShape("gradient", gradient);
            requireApart("outputs", output, gradient, true);
            requireApart("targets", target, gradient, false);
            requireApart("mask", mask, gradient, false);
        }
    }

    private void run(int worker, int count) {
        int from = (int) ((long) steps * worker / count);
        int to = (int) ((long) steps * (worker + 1) / count);
        for (int t = from; t < to; t++) {
            for (int b = 0; b < batch; b += blockRows) {
                block(t, b, Math.min(blockRows, batch - b), scratch[worker]);
            }
        }
    }

    private void block(int t, int b, int rows, Scratch own) {
        int padded = Panels.padded(features);
        int row = t * batch + b;
        // A kernel zeroes the padding of gradient rows, which in a view may be someone else's data.
        boolean direct = gradient != null && features == padded;
        boolean inPlace = direct && gradient.data() == output.data();
        boolean copyOutput = inPlace || !readable(output, t, b, rows);
        boolean copyTarget = target != null && !readable(target, t, b, rows);
        if (copyOutput) {
            gather(output, t, b, rows, own.output);
        }
        if (copyTarget) {
            gather(target, t, b, rows, own.target);
        }
        kernel(
                copyOutput ? own.output : output.data(),
                copyOutput ? 0 : output.index(t, b),
                copyOutput ? padded : output.rowStride(),
                target == null || copyTarget ? own.target : target.data(),
                target == null || copyTarget ? 0 : target.index(t, b),
                target == null || copyTarget ? padded : target.rowStride(),
                direct ? gradient.data() : own.gradient,
                direct ? gradient.index(t, b) : 0,
                direct ? gradient.rowStride() : padded,
                row,
                rows);
        if (gradient != null && !direct) {
            scatter(own.gradient, t, b, rows);
        }
    }

    /** Runs the kernel over {@code rows} rows from row t·batch + b = {@code row}. */
    abstract void kernel(
            float[] output,
            int outputOff,
            int outputStride,
            float[] target,
            int targetOff,
            int targetStride,
            float[] gradient,
            int gradientOff,
            int gradientStride,
            int row,
            int rows);

    /** Whether whole padded rows can be read without leaving the array. */
    private boolean readable(Tensor view, int t, int b, int rows) {
        return view.index(t, b + rows - 1) + (long) Panels.padded(features) <= view.data().length;
    }

    private void gather(Tensor view, int t, int b, int rows, float[] to) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    view.data(), view.index(t, b + r), to, r * Panels.padded(features), features);
        }
    }

    private void scatter(float[] from, int t, int b, int rows) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    from,
                    r * Panels.padded(features),
                    gradient.data(),
                    gradient.index(t, b + r),
                    features);
        }
    }

    private void requireShape(String what, Tensor view) {
        if (view.steps() != steps || view.rows() != batch || view.features() != features) {
            throw new IllegalArgumentException(
                    "%s: expected [%d, %d, %d], got [%d, %d, %d]"
                            .formatted(
                                    what,
                                    steps,
                                    batch,
                                    features,
                                    view.steps(),
                                    view.rows(),
                                    view.features()));
        }
    }

    private static void requireApart(String what, Tensor view, Tensor gradient,
            boolean sameAllowed) {
        if (view == null || view.data() != gradient.data()) {
            return;
        }
        boolean same =
                view.offset() == gradient.offset()
                        && view.stepStride() == gradient.stepStride()
                        && view.rowStride() == gradient.rowStride();
        boolean apart = end(view) <= gradient.offset() || end(gradient) <= view.offset();
        if (!apart && !(same && sameAllowed)) {
            throw new IllegalArgumentException(
                    "gradient: expected an array apart from the %s, got one that overlaps [%d, %d)"
                            .formatted(what, view.offset(), end(view)));
        }
    }

    private static int end(Tensor view) {
        return view.index(view.steps() - 1, view.rows() - 1) + view.features();
    }
}
