package ebbtide.engine.optim;

import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gradient descent among orthogonal matrices, for recurrent matrices that are to keep the length of
 * state and gradient all through training; an {@link Optimizer} updates the other parameters. With
 * G = ∂L/∂U and the skew-symmetric A = G·Uᵀ − U·Gᵀ,
 *
 * <pre>  U ← (1 + λ/2·A)⁻¹ (1 − λ/2·A) U,</pre>
 *
 * the Cayley transform: a rotation of U downhill. It is computed in float64 and rounded once. Before
 * that a Newton–Schulz step U ← U + U(1 − UᵀU)/2 takes back what the rounding of the update before did,
 * so that max |UᵀU − 1| stays at rounding level, under 1e-6, however many updates there are. A matrix
 * of g gates, [g·H, H], has g orthogonal blocks. An update takes about 4⅓·H³ multiplications a block.
 *
 * <p>Sources: Z. Wen, W. Yin, "A feasible method for optimization with orthogonality constraints",
 * Mathematical Programming 142, 2013, section 2; S. Wisdom, T. Powers, J. Hershey, J. Le Roux, L.
 * Atlas, "Full-capacity unitary recurrent neural networks", NeurIPS 2016, section 4; E. Vorontsov, C.
 * Trabelsi, S. Kadoury, C. Pal, "On orthogonality and learning recurrent networks with long term
 * dependencies", ICML 2017.
 *
 * <p>It has no state of its own: a training that was stopped and resumed goes on with the same bits.
 * {@link #step} allocates nothing. Not safe for use by several threads.
 */
public final class OrthogonalStep {
    private final Optimizer optimizer;
    private final List<Block> blocks = new ArrayList<>();
    // Made once: a lambda that captured its step's gradients would be an allocation a step.
    private final Consumer<float[]> turn = this::turn;
    private final Consumer<float[]> write = this::write;
    private float[] gradients;
    private double rate;

    /** One orthogonal matrix: its place, and its value after the step. */
    private record Block(
            Layout.Slot slot, int offset, CayleyTransform transform, float[] next) {}

    /**
     * Takes matrices out of the care of an optimiser.
     *
     * @param optimizer of all other parameters
     * @param names tensors [g·H, H], for example {@code weight_hh_l0}, whose blocks of H rows are
     *     orthogonal from the start; see {@link ebbtide.engine.init.Orthogonal}
     * @throws IllegalArgumentException if there is no such tensor, or it is not made of squares
     */
    public OrthogonalStep(Optimizer optimizer, List<String> names) {
        this.optimizer = optimizer;
        Map<Integer, CayleyTransform> transforms = new HashMap<>();
        for (String name : names) {
            Layout.Slot slot = optimizer.layout().slot(name);
            int n = slot.columns();
            if (slot.rank() != 2 || slot.rows() % n != 0) {
                throw new IllegalArgumentException(
                        "%s: expected square blocks, got [%d, %d]; name recurrent matrices, as weight_hh_l0"
                                .formatted(name, slot.rows(), n));
            }
            CayleyTransform transform = transforms.computeIfAbsent(n, CayleyTransform::new);
            for (int row = 0; row < slot.rows(); row += n) {
                int offset = slot.offset() + row * slot.stride();
                blocks.add(new Block(slot, offset, transform, new float[n * n]));
            }
        }
    }

    /**
     * Makes one update of everything: {@link Optimizer#step} with its learning rate, and the
     * matrices of this object by the Cayley transform with λ. Gradients are left as they are. λ is
     * of the size of a rate of plain gradient descent.
     *
     * @param lambda λ, finite, not negative
     * @throws IllegalArgumentException if layouts differ or a rate is out of range; nothing is
     *     changed then
     * @throws NonFiniteGradientException if a gradient of a matrix is NaN or infinite; nothing is
     *     changed then
     * @throws IllegalStateException if max |UᵀU − 1| is above 1e-3, or while a plan runs on the
     *     parameters; nothing is changed then
     */
    public void step(
            Parameters parameters, Gradients gradients, double learningRate, double lambda) {
        Optimizer.requireRange("lambda", lambda, 0, Float.MAX_VALUE);
        optimizer.requireLayouts(parameters, gradients);
        this.gradients = gradients.array();
        rate = lambda;
        parameters.edit(turn);
        optimizer.step(parameters, gradients, learningRate);
        parameters.edit(write);
    }

    private void turn(float[] parameters) {
        for (Block block : blocks) {
            block.transform.apply(
                    parameters, gradients, block.offset, block.slot.stride(), rate,
                    block.slot.name(), block.next);
        }
    }

    private void write(float[] parameters) {
        for (Block block : blocks) {
            int n = block.slot.columns();
            for (int row = 0; row < n; row++) {
                System.arraycopy(
                        block.next, row * n, parameters,
                        block.offset + row * block.slot.stride(), n);
            }
        }
    }
}
