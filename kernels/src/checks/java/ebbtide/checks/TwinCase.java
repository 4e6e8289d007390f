package ebbtide.checks;

import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.stream.Stream;

/**
 * One kernel as a pair of twins: makes a random call, shapes, tails, offsets and guard bands included,
 * on both and holds them together bit for bit.
 */
public record TwinCase(String name, Body body) {
    /** The call. */
    public interface Body {
        /**
         * Runs it.
         *
         * @throws AssertionError that names the first float that differs
         */
        void run(Kernels scalar, Kernels vector, TestData data);
    }

    /** Returns one case for every kernel. */
    public static List<TwinCase> all() {
        return Stream.of(
                ProductTwins.CASES, PointwiseTwins.CASES, CellTwins.CASES, VariantTwins.CASES,
                RowTwins.CASES,
                ReductionTwins.CASES, LossTwins.CASES, UpdateTwins.CASES)
                .flatMap(List::stream)
                .toList();
    }

    /** Runs the case on random numbers of one kind. */
    public void run(Kernels scalar, Kernels vector, long seed, TestData.Kind kind) {
        try {
            body.run(scalar, vector, new TestData(seed, kind));
        } catch (AssertionError e) {
            throw new AssertionError(name + ", " + kind + ": " + e.getMessage(), e);
        }
    }
}
