package ebbtide.checks;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Reductions;
import java.util.List;

/** The twins of reductions: short ranges, now and then one around one or two chunks. */
final class ReductionTwins {
    static final List<TwinCase> CASES = List.of(new TwinCase("reductions", ReductionTwins::run));

    private ReductionTwins() {}

    private static void run(Kernels scalar, Kernels vector, TestData data) {
        int n = data.below(16) == 0
                ? (1 + data.below(2)) * Reductions.CHUNK - 40 + data.below(81)
                : data.below(201);
        Area x = data.row(n);
        float[] before = x.x().clone();
        Reductions s = scalar.reductions();
        Reductions v = vector.reductions();
        String of = " of " + n + ", seed " + data.seed;
        Bits.assertSame("sum" + of, s.sum(x.x(), x.off(), n), v.sum(x.x(), x.off(), n));
        Bits.assertSame("squares" + of, s.sumOfSquares(x.x(), x.off(), n),
                v.sumOfSquares(x.x(), x.off(), n));
        Bits.assertSame("norm" + of, s.norm(x.x(), x.off(), n), v.norm(x.x(), x.off(), n));
        Bits.assertSame("maxAbs" + of, s.maxAbs(x.x(), x.off(), n), v.maxAbs(x.x(), x.off(), n));
        Bits.assertSame("input", before, x.x(), data.seed);
    }
}
