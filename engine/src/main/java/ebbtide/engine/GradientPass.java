package ebbtide.engine;

import ebbtide.kernels.Panels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameter gradients of one layer and direction that one worker computes: those of its share of
 * the units.
 */
final class GradientPass {
    private final LayerWeights weights;
    private final LayerState state;
    private final WeightGradients products;
    private final TokenGradients tokens;
    private final List<ColumnSum> columnSums;
    private final int[][] stages;
    /** What the recurrent products of each stage read: states by slot, or rows by step. */
    private final StepRows[] recurrentInputs;

    /** Segments that are left factors, ascending. */
    private final int[] segments;

    private final int[] inputSegments;
    private final int[] stateSegments;
    private final int unit0;
    private final int units;
    private final ProjectionGradient projection;
    private final LibraryProducts library;

    GradientPass(
            WorkerContext context,
            LayerWeights weights,
            LayerState state,
            WeightGradients products) {
        this.weights = weights;
        this.state = state;
        this.products = products;
        stages = weights.cell.stages();
        recurrentInputs = new StepRows[stages.length];
        for (int stage = 0; stage < stages.length; stage++) {
            recurrentInputs[stage] =
                    stage == 0 ? state.recurrentInput : weights.cell.within(stage, state);
        }
        segments = read(weights.cell);
        inputSegments = weights.cell.inputSegments();
        stateSegments = weights.cell.stateSegments();
        columnSums = columnSums();
        projection =
                weights.projection == null ? null : new ProjectionGradient(context, weights, state);
        library = new LibraryProducts(context, weights, state);
        int panels = Panels.count(weights.hidden);
        unit0 = Partition.share(panels, context.worker(), context.workers()) * Panels.WIDTH;
        int end = Partition.share(panels, context.worker() + 1, context.workers()) * Panels.WIDTH;
        units = Math.min(weights.hidden, end) - unit0;
        tokens =
                weights.tokens && units > 0
                        ? new TokenGradients(
                                context.kernels(), context.active(), weights.inputs, units)
                        : null;
    }

    private List<ColumnSum> columnSums() {
        List<ColumnSum> sums = new ArrayList<>();
        for (int gate = 0; gate < inputSegments.length; gate++) {
            int first = gate * weights.hidden;
            int input = weights.cell.inputBiasSegment(gate);
            int hidden = weights.cell.hiddenBiasSegment(gate);
            if (input == hidden) {
                sums.add(ColumnSum.biases(first, input, weights.biasInput, weights.biasHidden));
            } else {
                sums.add(ColumnSum.biases(first, input, weights.biasInput));
                sums.add(ColumnSum.biases(first, hidden, weights.biasHidden));
            }
        }
        sums.addAll(weights.cell.columnSums(weights, state));
        return sums;
    }

    /** Segments of ∂L/∂z that products read. */
    static int segments(Cell cell) {
        return read(cell).length;
    }

    private static int[] read(Cell cell) {
        return IntStream.concat(
                IntStream.of(cell.inputSegments()), IntStream.of(cell.stateSegments()))
                .sorted()
                .distinct()
                .toArray();
    }

    /** Adds the gradients of the block of steps that begins with the {@code done}-th of the backward pass. */
    void block(int done, float[] gradient) {
        products.block(state.axis, done);
        if (projection != null) {
            projection.add(products, gradient);
        }
        if (units <= 0) {
            return;
        }
        if (weights.tokens) {
            tokenWeights(gradient);
        }
        if (!library.takesWeights()) {
            multiply(gradient);
        }
        for (int i = 0; i < columnSums.size(); i++) {
            ColumnSum sum = columnSums.get(i);
            products.addColumns(
                    sum, state.gradients, column(sum.segment()), unit0, units, gradient);
        }
    }

    /** Adds what a library computes, of all steps at once. */
    void allSteps(float[] gradient) {
        if (units > 0 && library.takesWeights()) {
            library.weights(recurrentInputs, gradient, unit0, units);
        }
    }

    private void tokenWeights(float[] gradient) {
        for (int gate = 0; gate < inputSegments.length; gate++) {
            tokens.add(
                    state.gradients,
                    state.tokens,
                    products,
                    column(inputSegments[gate]),
                    units,
                    gradient,
                    place(weights.w, gate),
                    weights.w.stride());
        }
    }

    /** The products of one block of steps. */
    private void multiply(float[] gradient) {
        for (int i = 0; i < segments.length; i++) {
            products.packLeft(state.gradients, i, column(segments[i]), units);
        }
        if (!weights.tokens) {
            products.packRight(state.input, 0, weights.inputs);
            for (int gate = 0; gate < inputSegments.length; gate++) {
                add(weights.w, gate, inputSegments[gate], gradient);
            }
        }
        recurrentWeights(gradient);
    }

    private void recurrentWeights(float[] gradient) {
        for (int i = 0; i < weights.u.length; i++) {
            int delay = weights.delay(i);
            for (int stage = 0; stage < stages.length; stage++) {
                int shift = stage == 0 ? state.axis.before(0, delay) : 0;
                products.packRight(recurrentInputs[stage], shift, weights.features);
                for (int gate : stages[stage]) {
                    add(weights.u[i], gate, stateSegments[gate], gradient);
                }
            }
        }
    }

    private void add(Layout.Slot slot, int gate, int segment, float[] gradient) {
        products.add(
                Arrays.binarySearch(segments, segment), units, slot.columns(), gradient,
                place(slot, gate), slot.stride());
    }

    private int column(int segment) {
        return segment * state.segment + unit0;
    }

    /** Where this worker's first row of a gate stands. */
    private int place(Layout.Slot slot, int gate) {
        return slot.offset() + (gate * weights.hidden + unit0) * slot.stride();
    }
}
