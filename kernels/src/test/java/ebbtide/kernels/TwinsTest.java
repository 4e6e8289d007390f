package ebbtide.kernels;

import ebbtide.checks.TestData;
import ebbtide.checks.TwinCase;
import ebbtide.kernels.scalar.ScalarKernels;
import ebbtide.kernels.vector.VectorKernels;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Every vector kernel gives the bits of its scalar twin; other tests say whether those are right. */
@AddLifecycleHook(TestWidth.class)
class TwinsTest {
    private static final List<TwinCase> CASES = TwinCase.all();

    private final Kernels scalar = ScalarKernels.create();
    private final Kernels vector = VectorKernels.create();

    @BeforeContainer
    static void width() {
        TestWidth.assertExpected();
    }

    @Property(tries = 600)
    void sameBits(@ForAll long seed, @ForAll TestData.Kind kind) {
        for (TwinCase c : CASES) {
            c.run(scalar, vector, seed, kind);
        }
    }
}
