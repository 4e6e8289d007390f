package ebbtide.engine.loss;

import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;

/** The three losses behind one face, and their formulas in double. */
enum LossCases {
    SOFTMAX,
    SQUARED,
    BINARY;

    static final Kernels KERNELS = KernelSelection.selected().kernels();

    /** Inputs of one call; the tokens are for softmax, the targets for the others. */
    record Inputs(Tensor output, Tensor target, Tokens tokens, Tensor mask, float[] sequences) {
        static Inputs random(int steps, int batch, int features, Generator random) {
            Tensor output = Tensor.zeros(steps, batch, features);
            Tensor target = Tensor.zeros(steps, batch, features);
            int[] tokens = new int[steps * batch];
            Tensor mask = Tensor.zeros(steps, batch, 1);
            float[] sequences = new float[batch];
            for (int i = 0; i < output.data().length; i++) {
                output.data()[i] = 3 * (float) random.nextGaussian();
                target.data()[i] = random.nextFloat();
            }
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = random.nextInt(features);
                mask.data()[i] = random.nextInt(3) == 0 ? 0 : 1;
            }
            mask.data()[0] = 1;
            for (int b = 0; b < batch; b++) {
                sequences[b] = random.uniform(0.5f, 2);
            }
            return new Inputs(output, target, Tokens.of(tokens, steps, batch), mask, sequences);
        }

        Inputs with(Tensor otherOutput) {
            return new Inputs(otherOutput, target, tokens, mask, sequences);
        }

        Inputs unweighted() {
            return new Inputs(output, target, tokens, null, null);
        }

        double weight(int t, int b) {
            return (mask == null ? 1 : mask.at(t, b, 0)) * (sequences == null ? 1 : sequences[b]);
        }
    }

    Loss create(Workers workers, int steps, int batch, int features) {
        return switch (this) {
            case SOFTMAX -> new SoftmaxCrossEntropy(KERNELS, workers, steps, batch, features);
            case SQUARED -> new MeanSquaredError(KERNELS, workers, steps, batch, features);
            case BINARY -> new BinaryCrossEntropy(KERNELS, workers, steps, batch, features);
        };
    }

    Loss create(Inputs in) {
        int steps = in.output.steps();
        int batch = in.output.rows();
        int features = in.output.features();
        return switch (this) {
            case SOFTMAX -> new SoftmaxCrossEntropy(KERNELS, steps, batch, features);
            case SQUARED -> new MeanSquaredError(KERNELS, steps, batch, features);
            case BINARY -> new BinaryCrossEntropy(KERNELS, steps, batch, features);
        };
    }

    static float compute(Loss loss, Inputs in, Tensor gradient) {
        return switch (loss) {
            case SoftmaxCrossEntropy l ->
                l.compute(in.output, in.tokens, in.mask, in.sequences, gradient);
            case MeanSquaredError l ->
                l.compute(in.output, in.target, in.mask, in.sequences, gradient);
            case BinaryCrossEntropy l ->
                l.compute(in.output, in.target, in.mask, in.sequences, gradient);
        };
    }

    /** The mean, by its formula, for outputs z [steps·batch·features] in double. */
    double formula(Inputs in, double[] z) {
        double sum = 0;
        double total = 0;
        int features = in.output.features();
        for (int t = 0; t < in.output.steps(); t++) {
            for (int b = 0; b < in.output.rows(); b++) {
                double weight = in.weight(t, b);
                total += weight;
                if (weight != 0) {
                    int from = (t * in.output.rows() + b) * features;
                    sum += weight * row(in, z, from, t, b);
                }
            }
        }
        return sum / total;
    }

    private double row(Inputs in, double[] z, int from, int t, int b) {
        int features = in.output.features();
        double sum = 0;
        for (int f = 0; f < features; f++) {
            double x = z[from + f];
            double target = in.target.at(t, b, f);
            sum +=
                    switch (this) {
                        case SOFTMAX -> Math.exp(x);
                        case SQUARED -> (x - target) * (x - target) / features;
                        case BINARY -> (Math.log1p(Math.exp(x)) - x * target) / features;
                    };
        }
        return this == SOFTMAX ? Math.log(sum) - z[from + in.tokens.at(t, b)] : sum;
    }

    /** The outputs of a view in double, row by row. */
    static double[] doubles(Tensor view) {
        double[] z = new double[view.steps() * view.rows() * view.features()];
        int i = 0;
        for (int t = 0; t < view.steps(); t++) {
            for (int b = 0; b < view.rows(); b++) {
                for (int f = 0; f < view.features(); f++) {
                    z[i++] = view.at(t, b, f);
                }
            }
        }
        return z;
    }

    /** Copies a view to one of the same shape. */
    static void copy(Tensor from, Tensor to) {
        for (int t = 0; t < from.steps(); t++) {
            for (int b = 0; b < from.rows(); b++) {
                System.arraycopy(
                        from.data(), from.index(t, b), to.data(), to.index(t, b), from.features());
            }
        }
    }
}
