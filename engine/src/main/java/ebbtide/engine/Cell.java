package ebbtide.engine;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A kind of cell: what it keeps, and the stages of a step. The first stage forward reads the states
 * before, the first one backward ∂L/∂z of later steps; further ones read what stages before them left.
 * The projection W·x + b, the weight gradients, threads, directions, lengths and truncation know
 * nothing else of a cell.
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
    default int[] inputSegments() {
        return IntStream.range(0, gates()).toArray();
    }

    /** The segment of each gate's ∂L/∂z as the state, and U and its bias, see it. */
    default int[] stateSegments() {
        return inputSegments();
    }

    /** Delays of the recurrences, the first of them 1. */
    default List<Integer> delays() {
        return List.of(1);
    }

    /** The longest delay: the states that precede a sequence. */
    default int history() {
        return delays().stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** The gates whose products are taken in each stage that multiplies by U. */
    default int[][] stages() {
        return new int[][] {IntStream.range(0, gates()).toArray()};
    }

    /** What U's rows of a later stage are multiplied with, by step. */
    default StepRows within(int stage, LayerState state) {
        throw new IllegalStateException("one stage reads the states");
    }

    /** Floats of a state of H units. */
    default int features(int hidden) {
        return hidden;
    }

    /** Whether the cell carries a second state c. */
    default boolean hasCellState() {
        return false;
    }

    /** The forward stage after which c is complete; backward the last stage takes ∂L/∂c back. */
    default int cellStateStage() {
        return 0;
    }

    /** Whether the hidden bias of a gate belongs inside the recurrent part instead of the projection. */
    default boolean hiddenBiasApart(int gate) {
        return false;
    }

    /** Sets parameters whose start is not that of every cell's. */
    default void initialize(Layout layout, float[] flat, String suffix, Generator random) {}

    /** Whether no bias belongs to a projection, since the cell changes it before it adds them. */
    default boolean biasesApart() {
        return false;
    }

    /** The segment of a gate's ∂L/∂z as the input bias sees it. */
    default int inputBiasSegment(int gate) {
        return inputSegments()[gate];
    }

    /** The segment of a gate's ∂L/∂z as the hidden bias sees it. */
    default int hiddenBiasSegment(int gate) {
        return stateSegments()[gate];
    }

    /** Vectors of parameters beyond W, U and the biases. */
    default List<Extra> extras() {
        return List.of();
    }

    /** Segments of H floats that {@link #pack} makes of them. */
    default int extraSegments() {
        return 0;
    }

    /** Takes over parameters beyond W, U and the biases whenever they were edited. */
    default void pack(LayerWeights weights, float[] flat) {}

    /** Gradients of parameters beyond W, U and the biases. */
    default List<ColumnSum> columnSums(LayerWeights weights, LayerState state) {
        return List.of();
    }

    /** The forward part of one worker. */
    List<Stage> forward(Kernels kernels, LayerWeights weights, LayerState state);

    /** The backward part of one worker. */
    List<Stage> backward(
            Kernels kernels, LayerWeights weights, LayerState state, float adjointLimit);
}
