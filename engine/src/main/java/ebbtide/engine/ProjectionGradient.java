package ebbtide.engine;

import ebbtide.kernels.Panels;

/** The gradient of a projection's rows that one worker computes, dW_hr += dhᵀ·m. */
final class ProjectionGradient {
    private final LayerWeights weights;
    private final StepRows adjoints;
    private final StepRows unprojected;
    private final int first;
    private final int count;

    ProjectionGradient(WorkerContext context, LayerWeights weights, LayerState state) {
        this.weights = weights;
        adjoints = state.adjoints();
        unprojected = state.segmentRows(weights.cell.segments() - 1);
        int panels = Panels.count(weights.features);
        first = Partition.share(panels, context.worker(), context.workers()) * Panels.WIDTH;
        int end = Partition.share(panels, context.worker() + 1, context.workers()) * Panels.WIDTH;
        count = Math.min(weights.features, end) - first;
    }

    /** Adds the block that {@code products} has turned to. */
    void add(WeightGradients products, float[] gradient) {
        if (count <= 0) {
            return;
        }
        Layout.Slot slot = weights.projectionSlot;
        products.packLeft(adjoints, 0, first, count);
        products.packRight(unprojected, 0, weights.hidden);
        int to = slot.offset() + first * slot.stride();
        products.add(0, count, weights.hidden, gradient, to, slot.stride());
    }
}
