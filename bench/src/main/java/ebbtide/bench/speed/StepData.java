package ebbtide.bench.speed;

import ebbtide.engine.Parameters;
import ebbtide.engine.random.Generator;

/**
 * What all contestants of a step start from.
 *
 * @param x inputs [T, B, I], uniform in ±1/2
 * @param dy ∂L/∂y [T, B, H], uniform in ±1/2
 * @param w input weights [G·H, I], uniform in ±1/√H, as all parameters
 * @param u recurrent weights [G·H, H]
 * @param inputBias [G·H]
 * @param recurrentBias [G·H]
 */
public record StepData(
        Shape shape,
        StepCell cell,
        float[] x,
        float[] dy,
        float[] w,
        float[] u,
        float[] inputBias,
        float[] recurrentBias) {
    private static final long SEED = 1;

    /** Draws the data of a shape, the same at every call. */
    public static StepData of(Shape shape, StepCell cell) {
        Generator random = Generator.of(SEED);
        Parameters parameters =
                cell.network(shape.inputs(), shape.hidden()).build(SEED).parameters();
        int rows = shape.steps() * shape.batch();
        return new StepData(
                shape,
                cell,
                Noise.uniform(rows * shape.inputs(), random),
                Noise.uniform(rows * shape.hidden(), random),
                parameters.read("weight_ih_l0"),
                parameters.read("weight_hh_l0"),
                parameters.read("bias_ih_l0"),
                parameters.read("bias_hh_l0"));
    }
}
