package ebbtide.bench.validate;

import ebbtide.checks.TestData;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.openblas.OpenBlas;
import ebbtide.openblas.UnusableLibraryException;
import java.util.Arrays;

/**
 * Each element of A·B + b within γ_{K+1}·(|A||B| + |b|) of the exact result (Higham, Accuracy and
 * Stability of Numerical Algorithms, §3.5): the error over that bound, at most 1 for any order of
 * summation, so for OpenBLAS as well. The exact result is taken in double, where each product of two
 * floats is exact and the sum is 2²⁹ times as exact as the bound.
 */
final class ProductCheck implements Check {
    private static final double U = 0x1p-24;
    private static final int PRODUCTS = 3000;
    private static final int LONG_FORM = 20;
    private static final TestData.Kind[] KINDS =
            {TestData.Kind.ORDINARY, TestData.Kind.CANCELLING};

    @Override
    public String name() {
        return "products";
    }

    @Override
    public String title() {
        return "A*B + b against gamma(K+1)*(|A||B| + |b|)";
    }

    /** Computes A·B + b, dense, [m, k]·[k, n] + [n]. */
    private interface Product {
        float[] of(Matrices in);
    }

    /** One random product. */
    private record Matrices(int m, int n, int k, float[] a, float[] b, float[] bias, long seed) {
        static Matrices random(long seed) {
            TestData data = new TestData(seed, KINDS[Math.floorMod(seed, KINDS.length)]);
            int k = switch (data.below(4)) {
                case 0 -> 1 + data.below(2000);
                case 1 -> Panels.BLOCK - 1 + data.below(3);
                default -> 1 + data.below(80);
            };
            int m = 1 + data.below(12);
            int n = 1 + data.below(70);
            return new Matrices(
                    m, n, k, data.floats(m * k), data.floats(k * n), data.floats(n), seed);
        }

        String shape() {
            return m + "x" + k + " * " + k + "x" + n;
        }
    }

    @Override
    public void run(ValidationRun run) {
        int count = PRODUCTS * (run.exhaustive() ? LONG_FORM : 1);
        Kernels vector = KernelSelection.selected().kernels();
        judge(run, vector.name(), in -> packed(vector, in), count, 0);
        try (OpenBlas blas = OpenBlas.open()) {
            judge(run, "OpenBLAS", in -> {
                float[] c = new float[in.m * in.n];
                for (int r = 0; r < in.m; r++) {
                    System.arraycopy(in.bias, 0, c, r * in.n, in.n);
                }
                blas.sgemm(false, false, in.m, in.n, in.k, 1, in.a, 0, in.k, in.b, 0, in.n, 1, c, 0,
                        in.n);
                return c;
            }, count, 0.5);
        } catch (UnusableLibraryException e) {
            run.add(Finding.notRun(name(), "OpenBLAS", e.getMessage()));
        }
    }

    private static float[] packed(Kernels kernels, Matrices in) {
        int wide = Panels.padded(in.n);
        int stride = Panels.stride(in.k);
        float[] packed = new float[Panels.size(in.k, in.n)];
        kernels.packing().packRows(in.b, 0, in.n, in.k, in.n, packed, 0, stride, 0);
        float[] sums = new float[in.m * wide];
        kernels.products().multiply(
                in.a, 0, in.k, in.m, in.k, packed, 0, stride, Panels.count(in.n), sums, 0, wide,
                false);
        kernels.pointwise().addBias(
                sums, 0, wide, Arrays.copyOf(in.bias, wide), 0, sums, 0, wide, in.m, wide);
        float[] c = new float[in.m * in.n];
        for (int r = 0; r < in.m; r++) {
            System.arraycopy(sums, r * wide, c, r * in.n, in.n);
        }
        return c;
    }

    private void judge(ValidationRun run, String subject, Product product, int count, double done) {
        Worst worst = new Worst();
        Median median = new Median();
        for (int i = 0; i < count; i++) {
            run.requireGoOn();
            Matrices in = Matrices.random(run.seed() + i);
            Worst here = new Worst(in.shape());
            ratios(in, product.of(in), here, median);
            worst.see(here);
            run.report(subject, done + 0.5 * (i + 1) / count);
        }
        run.add(Finding.of(
                name(), subject, worst, 1, "of the bound",
                "median %.3g".formatted(median.value())));
    }

    private static void ratios(Matrices in, float[] c, Worst worst, Median median) {
        double gamma = (in.k + 1) * U / (1 - (in.k + 1) * U);
        for (int r = 0; r < in.m; r++) {
            for (int j = 0; j < in.n; j++) {
                double exact = in.bias[j];
                double magnitude = Math.abs(exact);
                for (int k = 0; k < in.k; k++) {
                    double term = (double) in.a[r * in.k + k] * in.b[k * in.n + j];
                    exact += term;
                    magnitude += Math.abs(term);
                }
                // Where all is subnormal: half a spacing for each term.
                double bound = gamma * magnitude + (in.k + 1) * 0x1p-150;
                double ratio = Math.abs(c[r * in.n + j] - exact) / bound;
                median.see(ratio);
                int row = r;
                int column = j;
                worst.see(ratio, () -> "[%d, %d], seed %d".formatted(row, column, in.seed));
            }
        }
    }
}
