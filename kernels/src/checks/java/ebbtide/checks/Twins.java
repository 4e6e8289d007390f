package ebbtide.checks;

import java.util.concurrent.atomic.LongAdder;

/** Makes the same call on both twins and holds the outcomes together. */
public final class Twins {
    /** A call on one of the twins: the matrices in the order in which they were given. */
    public interface Call<K> {
        void on(K kernels, Area[] areas);
    }

    private static final LongAdder CALLS = new LongAdder();

    private Twins() {}

    /** Returns how many calls have been made on both twins so far. */
    public static long calls() {
        return CALLS.sum();
    }

    /**
     * Calls each twin on its own copy of the matrices, and asserts that all arrays come out the same
     * and that the call changed nothing outside of the first {@code outputs} matrices.
     */
    public static <K> void check(K scalar, K vector, long seed, int outputs, Call<K> call,
            Area... areas) {
        CALLS.increment();
        Area[] s = copies(areas);
        Area[] v = copies(areas);
        call.on(scalar, s);
        call.on(vector, v);
        for (int i = 0; i < areas.length; i++) {
            String what = "array " + i;
            if (i < outputs) {
                Bits.assertGuarded(what, areas[i], s[i], seed);
            } else {
                Bits.assertSame(what + ", an input", areas[i].x(), s[i].x(), seed);
            }
            Bits.assertSame(what, s[i].x(), v[i].x(), seed);
        }
    }

    private static Area[] copies(Area[] areas) {
        Area[] copies = new Area[areas.length];
        for (int i = 0; i < areas.length; i++) {
            copies[i] = areas[i].copy();
        }
        return copies;
    }
}
