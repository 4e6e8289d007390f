package ebbtide.bench.speed;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of work that contestants are timed at.
 *
 * @param sizes as the table shows them: T, B, I, H of a step, M, N, K of a product, n of a function
 * @param cell what is computed there
 * @param flops floating-point operations, or values of a function
 * @param parts whether it is done as forward, a third of the operations, and backward
 * @param wanted the speed over that of the one other contestant that is wanted, or null
 */
public record Workload(
        List<Integer> sizes, String cell, double flops, boolean parts, Wanted wanted) {
    /** A piece of work of which no ratio is wanted. */
    public Workload(List<Integer> sizes, String cell, double flops, boolean parts) {
        this(sizes, cell, flops, parts, null);
    }

    /** Steps of the engine that stand in a relation to other steps of the engine. */
    public static Workload related(Shape shape, StepCell cell, String how, Wanted wanted) {
        return new Workload(
                sizes(shape), cell.label() + ", " + how, flops(shape, cell), true, wanted);
    }

    /** The same of forward passes alone, a third of the operations. */
    public static Workload relatedForward(
            Shape shape, StepCell cell, String how, Wanted wanted) {
        return new Workload(
                sizes(shape), cell.label() + ", " + how, flops(shape, cell) / 3, false, wanted);
    }

    /** Forward and backward of a cell. */
    public static Workload step(Shape shape, StepCell cell) {
        return new Workload(sizes(shape), cell.label(), flops(shape, cell), true);
    }

    /** The same and an optimiser's update of the parameters, in one. */
    public static Workload training(Shape shape, StepCell cell) {
        return new Workload(sizes(shape), cell.label(), flops(shape, cell), false);
    }

    private static double flops(Shape shape, StepCell cell) {
        return shape.flops() * cell.gates();
    }

    private static List<Integer> sizes(Shape shape) {
        return List.of(shape.steps(), shape.batch(), shape.inputs(), shape.hidden());
    }

    /** Returns the sizes as the command line writes them. */
    public String shape() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
