package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ebbtide.engine.random.Generator;
import java.util.Map;
import java.util.TreeMap;

/** Everything that one forward and one backward pass give, to be compared bit for bit. */
record Pass(
        Tensor y,
        Tensor hn,
        Tensor cn,
        Tensor dx,
        Tensor dh0,
        Tensor dc0,
        Map<String, float[]> gradients) {

    /** Inputs and output gradients of a pass. */
    record Given(
            Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor dy, Tensor dhn, Tensor dcn) {
        static Given random(Rnn rnn, int steps, int batch, long seed) {
            Generator random = Generator.of(seed);
            return new Given(
                    rnn.tokens() ? null : TestTensors.random(random, steps, batch, rnn.inputs()),
                    rnn.tokens()
                            ? TestTensors.tokens(random, steps, batch, rnn.inputs())
                            : null,
                    states(random, rnn, batch),
                    rnn.hasCellState()
                            ? TestTensors.random(random, runs(rnn), batch, rnn.hidden())
                            : null,
                    TestTensors.random(random, steps, batch, rnn.outputs()),
                    states(random, rnn, batch),
                    rnn.hasCellState()
                            ? TestTensors.random(random, runs(rnn), batch, rnn.hidden())
                            : null);
        }
    }

    private static Tensor states(Generator random, Rnn rnn, int batch) {
        return TestTensors.random(random, runs(rnn), batch, rnn.features());
    }

    private static int runs(Rnn rnn) {
        return rnn.layers() * rnn.directions().count();
    }

    private static Tensor zeros(Rnn rnn, int batch) {
        return rnn.hasCellState() ? Tensor.zeros(runs(rnn), batch, rnn.hidden()) : null;
    }

    static Pass run(Planner planner, Rnn rnn, Given given) {
        return run(planner.build(), rnn, given, rnn.gradients());
    }

    static Pass run(Plan plan, Rnn rnn, Given given, Gradients gradients) {
        int steps = plan.steps();
        int batch = plan.batch();
        Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
        Tensor hn = Tensor.zeros(runs(rnn), batch, rnn.features());
        Tensor dx = rnn.tokens() ? null : Tensor.zeros(steps, batch, rnn.inputs());
        Tensor dh0 = Tensor.zeros(runs(rnn), batch, rnn.features());
        Tensor cn = zeros(rnn, batch);
        Tensor dc0 = zeros(rnn, batch);
        if (rnn.tokens()) {
            plan.forward(given.tokens, given.h0, given.c0, y, hn, cn);
        } else {
            plan.forward(given.x, given.h0, given.c0, y, hn, cn);
        }
        plan.backward(given.dy, given.dhn, given.dcn, dx, dh0, dc0, gradients);
        Map<String, float[]> named = new TreeMap<>();
        for (Layout.Slot slot : gradients.layout().slots()) {
            named.put(slot.name(), gradients.read(slot.name()));
        }
        return new Pass(y, hn, cn, dx, dh0, dc0, named);
    }

    /** Compares bit for bit (+0 and −0 differ, NaN equals NaN). */
    void assertSameBits(Pass other, String what) {
        assertArrayEquals(y.data(), other.y.data(), what + ": y");
        assertArrayEquals(hn.data(), other.hn.data(), what + ": hn");
        assertArrayEquals(dh0.data(), other.dh0.data(), what + ": dh0");
        if (cn != null) {
            assertArrayEquals(cn.data(), other.cn.data(), what + ": cn");
            assertArrayEquals(dc0.data(), other.dc0.data(), what + ": dc0");
        }
        if (dx != null && other.dx != null) {
            assertArrayEquals(dx.data(), other.dx.data(), what + ": dx");
        }
        gradients.forEach(
                (name, values) -> assertArrayEquals(values, other.gradients.get(name),
                        what + ": " + name));
    }
}
