package ebbtide.checks;

import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.List;

/** The twins of pointwise operations. */
final class PointwiseTwins {
    static final List<TwinCase> CASES = List.of(
            new TwinCase("apply", PointwiseTwins::apply),
            new TwinCase("exp and log", PointwiseTwins::expAndLog),
            new TwinCase("addBias, accumulate, activate", PointwiseTwins::rows),
            new TwinCase("differentiate", PointwiseTwins::differentiate));

    private static final float[] LIMITS = {Float.POSITIVE_INFINITY, 1f, 0f};

    private PointwiseTwins() {}

    private static void twins(
            Kernels scalar, Kernels vector, TestData data, Twins.Call<Pointwise> call,
            Area... areas) {
        Twins.check(scalar.pointwise(), vector.pointwise(), data.seed, 1, call, areas);
    }

    private static void apply(Kernels scalar, Kernels vector, TestData data) {
        int n = data.below(201);
        Area y = data.row(n);
        Area x = data.row(n);
        for (Activation f : Activation.values()) {
            twins(scalar, vector, data,
                    (k, a) -> k.apply(f, a[1].x(), a[1].off(), a[0].x(), a[0].off(), n), y, x);
            twins(scalar, vector, data,
                    (k, a) -> k.apply(f, a[0].x(), a[0].off(), a[0].x(), a[0].off(), n), y);
        }
    }

    private static void expAndLog(Kernels scalar, Kernels vector, TestData data) {
        int n = data.below(201);
        Area y = data.row(n);
        Area x = data.row(n);
        twins(scalar, vector, data,
                (k, a) -> k.exp(a[1].x(), a[1].off(), a[0].x(), a[0].off(), n), y, x);
        twins(scalar, vector, data,
                (k, a) -> k.log(a[1].x(), a[1].off(), a[0].x(), a[0].off(), n), y, x);
        twins(scalar, vector, data,
                (k, a) -> k.exp(a[0].x(), a[0].off(), a[0].x(), a[0].off(), n), y);
        twins(scalar, vector, data,
                (k, a) -> k.log(a[0].x(), a[0].off(), a[0].x(), a[0].off(), n), y);
    }

    private static void rows(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(7);
        int n = (1 + data.below(6)) * Panels.WIDTH;
        Area out = data.area(rows, n);
        Area sums = data.area(rows, n);
        Area bias = data.row(n);
        twins(scalar, vector, data,
                (k, a) -> k.addBias(a[1].x(), a[1].off(), a[1].stride(), a[2].x(), a[2].off(),
                        a[0].x(), a[0].off(), a[0].stride(), rows, n),
                out, sums, bias);
        twins(scalar, vector, data,
                (k, a) -> k.accumulate(a[1].x(), a[1].off(), a[1].stride(), a[0].x(), a[0].off(),
                        a[0].stride(), rows, n),
                out, sums);
        for (Activation f : Activation.values()) {
            twins(scalar, vector, data,
                    (k, a) -> k.activate(f, a[1].x(), a[1].off(), a[1].stride(), a[0].x(),
                            a[0].off(), a[0].stride(), rows, n),
                    out, sums);
        }
    }

    private static void differentiate(Kernels scalar, Kernels vector, TestData data) {
        int rows = data.below(7);
        int n = (1 + data.below(6)) * Panels.WIDTH;
        Area dz = data.area(rows, n);
        Area sums = data.area(rows, n);
        Area h = data.area(rows, n);
        for (Activation f : Activation.values()) {
            for (float limit : LIMITS) {
                twins(scalar, vector, data,
                        (k, a) -> k.differentiate(f, limit, a[1].x(), a[1].off(), a[1].stride(),
                                a[2].x(), a[2].off(), a[2].stride(), a[0].x(), a[0].off(),
                                a[0].stride(), rows, n),
                        dz, sums, h);
            }
        }
    }
}
