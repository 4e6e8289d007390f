package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import java.util.List;

/**
 * A kind of cell: what it keeps and the pointwise part of its one stage. The stage's products are
 * always those of {@link LayerWeights}: W·x_t, merged over time, and for each recurrence U·h_{t−d}. The
 * time loop, the weight gradients, threads and truncation know nothing else of a cell.
 */
interface Cell {
    /** Gates: W has gates·H rows. */
    int gates();

    /**
     * Segments of H floats that a row of gates keeps for the backward pass, 0 where projections are
     * written over by the states.
     */
    int segments();

    /** The segment of each gate's ∂L/∂z as the input, and W and its bias, see it. */
    int[] inputSegments();

    /** The segment of each gate's ∂L/∂z as the state, and U and its bias, see it. */
    int[] stateSegments();

    /** Delays of the recurrences, the first of them 1. */
    default List<Integer> delays() {
        return List.of(1);
    }

    /** Whether the cell carries a second state c. */
    default boolean hasCellState() {
        return false;
    }

    /** Whether the hidden bias of a gate belongs inside the recurrent part instead of the projection. */
    default boolean hiddenBiasApart(int gate) {
        return false;
    }

    /** Adds parameters beyond W, U and the biases. */
    default void declare(Layout.Builder layout, int layer, int hidden) {}

    /** Sets parameters whose start is not that of every cell's. */
    default void initialize(Layout layout, float[] flat, int layer, Generator random) {}

    /** The forward part of one worker. */
    CellStep forward(Kernels kernels, LayerWeights weights, LayerState state);

    /** The backward part of one worker. */
    CellStep backward(Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit);
}
