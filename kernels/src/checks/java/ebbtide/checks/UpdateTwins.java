package ebbtide.checks;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Updates;
import java.util.List;

/** The twins of the optimisers' updates, and one step of each that their tests take as well. */
public final class UpdateTwins {
    /** The optimisers' names. */
    public static final List<String> OPTIMISERS =
            List.of("sgd", "sgd_momentum", "sgd_nesterov", "rmsprop", "adam", "adamw");

    static final List<TwinCase> CASES = List.of(
            new TwinCase("optimisers", UpdateTwins::optimisers),
            new TwinCase("scale and clamp", UpdateTwins::scaleAndClamp));

    private UpdateTwins() {}

    private static void optimisers(Kernels scalar, Kernels vector, TestData data) {
        int n = data.below(201);
        double lr = data.below(2000) * 1e-3;
        double decay = data.below(2) == 0 ? 0 : data.below(500) * 1e-3;
        int t = 1 + data.below(50);
        String name = OPTIMISERS.get(data.below(OPTIMISERS.size()));
        Twins.check(scalar.updates(), vector.updates(), data.seed, 3,
                (k, a) -> step(name, k, a, n, lr, decay, t), data.row(n), data.row(n),
                data.row(n), data.row(n));
    }

    private static void scaleAndClamp(Kernels scalar, Kernels vector, TestData data) {
        int n = data.below(201);
        Area x = data.row(n);
        float factor = data.next();
        float limit = Math.abs(data.next());
        Twins.check(scalar.updates(), vector.updates(), data.seed, 1,
                (k, a) -> k.scale(a[0].x(), a[0].off(), n, factor), x);
        Twins.check(scalar.updates(), vector.updates(), data.seed, 1,
                (k, a) -> k.clamp(a[0].x(), a[0].off(), n, limit), x);
    }

    /** One step of one optimiser; the areas are p, two of state, and g. */
    public static void step(
            String name, Updates k, Area[] a, int n, double lr, double decay, int t) {
        float[] p = a[0].x();
        int pOff = a[0].off();
        float[] m = a[1].x();
        int mOff = a[1].off();
        float[] v = a[2].x();
        int vOff = a[2].off();
        float[] g = a[3].x();
        int gOff = a[3].off();
        double c1 = 1 - Math.pow(0.9, t);
        double root = Math.sqrt(1 - Math.pow(0.999, t));
        switch (name) {
            case "sgd" -> k.sgd(p, pOff, g, gOff, n, lr, decay);
            case "sgd_momentum" -> k.momentum(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.9, false);
            case "sgd_nesterov" -> k.momentum(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.9, true);
            case "rmsprop" -> k.rmsprop(p, pOff, g, gOff, v, vOff, n, lr, decay, 0.99, 1e-8);
            case "adam" ->
                k.adam(p, pOff, g, gOff, m, mOff, v, vOff, n, lr, decay, 0.9, 0.999, 1e-8, c1,
                        root);
            case "adamw" ->
                k.adamw(p, pOff, g, gOff, m, mOff, v, vOff, n, lr, decay, 0.9, 0.999, 1e-8,
                        c1, root);
            default -> throw new AssertionError(name);
        }
    }
}
