package ebbtide.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import ebbtide.checks.TestData;
import ebbtide.kernels.vector.VectorCells;
import ebbtide.kernels.vector.VectorLosses;
import ebbtide.kernels.vector.VectorPacking;
import ebbtide.kernels.vector.VectorPointwise;
import ebbtide.kernels.vector.VectorProducts;
import ebbtide.kernels.vector.VectorReductions;
import ebbtide.kernels.vector.VectorRows;
import ebbtide.kernels.vector.VectorUpdates;
import ebbtide.kernels.vector.VectorWidth;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No vector kernel allocates once C2 has compiled it: a kernel that does has boxed its vectors and
 * runs some twenty times slower. All cases are warmed up in a mixed order before the first is measured:
 * what C2 inlines depends on what else has run, and a kernel may be right by itself and boxed in
 * company. (With functions of a vector in place of loops, log was, in every order that was tried.)
 *
 * <p>On a loaded machine C2 boxed one or two kernels of the hundred in every other JVM, others each time,
 * as long as vectors of a second width were in use; {@link VectorWidth} says why.
 */
class AllocationTest {
    private static final int CALLS = 1000;
    private static final int WARM_UP = 20;
    private static final long PATIENCE = 2_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<Case> CASES = new ArrayList<>();
    private static float sink;

    /** One call of one kernel. */
    record Case(String name, Runnable call) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static void add(String name, Runnable call) {
        CASES.add(new Case(name, call));
    }

    static List<Case> cases() {
        if (CASES.isEmpty()) {
            products();
            packing();
            pointwise();
            cells();
            rows();
            reductions();
            losses();
            updates();
        }
        return CASES;
    }

    @BeforeAll
    static void warmUp() {
        TestWidth.assertExpected();
        assumeFalse(TestWidth.EMULATED, "this CPU has no vectors of " + TestWidth.BITS
                + " bits: the JDK emulates them in objects, so allocation says nothing here");
        List<Case> order = new ArrayList<>(cases());
        Random random = new Random(WARM_UP);
        for (int round = 0; round < WARM_UP; round++) {
            Collections.shuffle(order, random);
            for (Case c : order) {
                repeat(c.call);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void allocatesNothing(Case c) {
        assertEquals(0, settled(c), "bytes in " + CALLS + " calls of " + c.name);
    }

    private static long settled(Case c) {
        long deadline = System.nanoTime() + PATIENCE;
        long bytes;
        do {
            bytes = allocated(c.call);
        } while (bytes > 0 && System.nanoTime() < deadline);
        return bytes;
    }

    /** A measurement that did not see a boxed kernel would let everything pass. */
    @Test
    void seesBoxing() {
        FloatVector[] boxed = {FloatVector.zero(VectorWidth.SPECIES)};
        Runnable call = () -> boxed[0] = boxed[0].add(1f);
        for (int round = 0; round < WARM_UP; round++) {
            repeat(call);
        }
        long bytes = allocated(call);
        assertTrue(bytes >= CALLS * (long) TestWidth.BITS / 8, "bytes seen: " + bytes);
    }

    private static long allocated(Runnable call) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(call);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void repeat(Runnable call) {
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
    }

    private static float[] floats(int n) {
        return new TestData(n, TestData.Kind.ORDINARY).floats(n);
    }

    private static void products() {
        Products k = new VectorProducts();
        float[] a = floats(40 * 24);
        float[] packed = floats(11 * 16 * 40);
        float[] sums = floats(20 * 176);
        for (int rows : new int[] {1, 2, 3, 4, 7, 16}) {
            add("multiply of " + rows,
                    () -> k.multiply(a, 0, 40, rows, 40, packed, 0, 16 * 40, 11, sums, 0, 176,
                            false));
            add("multiply, accumulate, of " + rows,
                    () -> k.multiply(a, 0, 40, rows, 40, packed, 0, 16 * 40, 11, sums, 0, 176,
                            true));
        }
        int stride = 30 * Panels.GROUP;
        for (boolean add : new boolean[] {false, true}) {
            add("multiplyGroups" + (add ? ", accumulate" : ""),
                    () -> k.multiplyGroups(a, 0, stride, 20, 30, packed, 0, 16 * 30, 11, sums, 0,
                            176,
                            add));
        }
    }

    private static void packing() {
        Packing k = new VectorPacking();
        float[] a = floats(1200);
        float[] packed = floats(2000);
        for (int columns : new int[] {32, 37}) {
            add("packTransposed of " + columns,
                    () -> k.packTransposed(a, 0, 20, columns, 17, packed, 0));
            add("packRows of " + columns,
                    () -> k.packRows(a, 0, 40, 20, columns, packed, 0, 16 * 24, 3));
            add("packColumns of " + columns,
                    () -> k.packColumns(a, 0, 40, 20, columns, packed, 0, Panels.groupStride(24),
                            3));
        }
        for (int depth : new int[] {32, 37}) {
            add("packGroups of " + depth,
                    () -> k.packGroups(a, 0, 40, 20, depth, packed, 0, Panels.groupStride(40)));
        }
    }

    private static void pointwise() {
        Pointwise k = new VectorPointwise();
        float[] x = floats(1000);
        float[] y = floats(1000);
        float[] z = floats(1000);
        for (Activation f : Activation.values()) {
            add("apply " + f, () -> k.apply(f, x, 1, z, 0, 203));
            add("apply, no tail " + f, () -> k.apply(f, x, 0, z, 0, 192));
            add("activate " + f, () -> k.activate(f, x, 0, 96, z, 0, 80, 4, 80));
            add("activate, narrow " + f, () -> k.activate(f, x, 0, 16, z, 0, 16, 20, 16));
            add("differentiate " + f,
                    () -> k.differentiate(f, 1f, x, 0, 96, y, 0, 80, z, 0, 80, 4, 80));
        }
        add("exp", () -> k.exp(x, 1, z, 0, 203));
        add("log", () -> k.log(x, 1, z, 0, 203));
        add("addBias", () -> k.addBias(x, 0, 80, y, 0, z, 0, 96, 4, 80));
        add("accumulate", () -> k.accumulate(x, 0, 80, z, 0, 96, 4, 80));
    }

    private static void cells() {
        Cells k = new VectorCells();
        float[] sums = floats(1000);
        float[] gates = floats(1000);
        float[] c = floats(1000);
        float[] h = floats(1000);
        float[] bias = floats(80);
        float[] work = new float[8 * Cells.WORK];
        for (int rows : new int[] {1, 8}) {
            add("lstmForward of " + rows,
                    () -> k.lstmForward(sums, 0, 64, gates, 0, 64, 16, c, 0, 400,
                            32, h, 0, 32, rows, work));
            add("lstmBackward of " + rows,
                    () -> k.lstmBackward(sums, 0, 64, 1f, gates, 0, 64, 16, c, 0,
                            400, 32, h, 0, 32, h, 400, 32, rows, work));
            add("gruForward of " + rows,
                    () -> k.gruForward(sums, 0, 64, gates, 0, 64, 16, bias, 3, h, 0,
                            400, 32, rows, work));
            add("gruBackward of " + rows,
                    () -> k.gruBackward(sums, 0, 64, 1f, gates, 0, 64, 16, c, 0,
                            32, h, 0, 400, 32, rows));
        }
        for (Activation f : Activation.values()) {
            add("leakyForward " + f,
                    () -> k.leakyForward(f, sums, 0, 96, gates, 0, 80, bias, 0, h, 0,
                            400, 80, 4, 80));
            add("leakyBackward " + f,
                    () -> k.leakyBackward(f, 1f, sums, 0, 96, gates, 0, 80, bias, 0,
                            null, 0, 0, c, 0, 80, h, 0, 400, 80, 4, 80));
            add("leakyBackward with rates " + f,
                    () -> k.leakyBackward(f, 1f, sums, 0, 96, gates, 0, 80,
                            bias, 0, c, 400, 80, c, 0, 80, h, 0, 400, 80, 4, 80));
        }
    }

    private static void rows() {
        Rows k = new VectorRows();
        float[] x = floats(1000);
        float[] bias = floats(80);
        float[] z = floats(1000);
        int[] index = {3, 0, 3, 7};
        add("gather", () -> k.gather(x, 0, 80, index, 0, bias, 0, z, 0, 96, 4, 80));
        add("scatterAdd", () -> k.scatterAdd(x, 0, 80, index, 0, z, 0, 96, 4, 80));
        add("addRows", () -> k.addRows(x, 0, 80, 12, 80, z, 0));
        add("addProducts", () -> k.addProducts(x, 0, 80, x, 8, 80, 11, 80, z, 0));
    }

    private static void reductions() {
        Reductions k = new VectorReductions();
        float[] x = floats(1000);
        float[] huge = floats(1000);
        huge[500] = 1e30f;
        float[] chunks = floats(2 * Reductions.CHUNK + 7);
        add("sum", () -> sink += k.sum(x, 1, 203));
        add("sum, no tail", () -> sink += k.sum(x, 1, 208));
        add("sum of chunks", () -> sink += k.sum(chunks, 0, chunks.length));
        add("sumOfSquares", () -> sink += k.sumOfSquares(x, 1, 203));
        add("norm", () -> sink += k.norm(x, 0, 1000));
        add("norm, rescaled", () -> sink += k.norm(huge, 0, 1000));
        add("maxAbs", () -> sink += k.maxAbs(x, 1, 203));
    }

    private static void losses() {
        Losses k = new VectorLosses();
        float[] z = floats(1000);
        float[] dz = floats(1000);
        float[] w = {1f, 0f, 2f, 1f};
        float[] loss = new float[4];
        int[] target = {3, 0, 64, 7};
        for (int columns : new int[] {65, 80}) {
            add("softmaxCrossEntropy of " + columns,
                    () -> k.softmaxCrossEntropy(z, 0, 80, target, 0, w, 0,
                            dz, 0, 80, loss, 0, 4, columns));
            add("squaredError of " + columns,
                    () -> k.squaredError(z, 0, 80, z, 3, 80, w, 0, dz, 0, 80,
                            loss, 0, 4, columns));
            add("binaryCrossEntropy of " + columns,
                    () -> k.binaryCrossEntropy(z, 0, 80, z, 3, 80, w, 0,
                            dz, 0, 80, loss, 0, 4, columns));
        }
    }

    private static void updates() {
        Updates k = new VectorUpdates();
        float[] p = floats(300);
        float[] g = floats(300);
        float[] m = new float[300];
        float[] v = new float[300];
        int n = 203;
        add("sgd", () -> k.sgd(p, 1, g, 0, n, 1e-6, 0));
        add("momentum", () -> k.momentum(p, 1, g, 0, v, 0, n, 1e-6, 0, 0.9, false));
        add("nesterov", () -> k.momentum(p, 1, g, 0, v, 0, n, 1e-6, 0, 0.9, true));
        add("rmsprop", () -> k.rmsprop(p, 1, g, 0, v, 0, n, 1e-6, 0, 0.99, 1e-8));
        add("adam", () -> k.adam(p, 1, g, 0, m, 0, v, 0, n, 1e-6, 0, 0.9, 0.999, 1e-8, 0.5, 0.5));
        add("adamw",
                () -> k.adamw(p, 1, g, 0, m, 0, v, 0, n, 1e-6, 0.1, 0.9, 0.999, 1e-8, 0.5, 0.5));
        add("scale", () -> k.scale(p, 1, n, -1f));
        add("clamp", () -> k.clamp(g, 1, n, 2f));
    }
}
