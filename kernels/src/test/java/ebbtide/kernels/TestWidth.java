package ebbtide.kernels;

import ebbtide.kernels.vector.VectorKernels;
import ebbtide.kernels.vector.VectorWidth;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;
import org.opentest4j.TestAbortedException;

/**
 * The vector width that this JVM really runs. As a hook it ends a property after a few tries where the
 * CPU lacks the width: the JDK then emulates it, correctly and very slowly.
 */
public final class TestWidth implements AroundTryHook, SkipExecutionHook {
    static final int BITS = VectorWidth.SPECIES.vectorBitSize();
    static final int MACHINE_BITS = VectorKernels.widestBits();
    static final boolean EMULATED = VectorKernels.emulated();
    private static final boolean LACKING = EMULATED && !Boolean.getBoolean("ebbtide.test.emulated");
    private static final String REASON =
            "this CPU has no vectors of " + BITS + " bits, only of " + MACHINE_BITS;
    private static final int EMULATED_TRIES = 40;

    private final Map<Method, AtomicInteger> tries = new ConcurrentHashMap<>();

    static {
        System.out.println("vector kernels of " + BITS + " bits" + (EMULATED
                ? ", EMULATED: this CPU has " + MACHINE_BITS + ", so at most " + EMULATED_TRIES
                        + " tries a property and no claim about speed"
                : ", on a CPU of " + MACHINE_BITS));
    }

    /**
     * Asserts that the width is the one that the build asked for, and skips where the CPU lacks it. Only
     * the build's own emulated run goes on: it tries the logic of that width, and is named after that.
     */
    static void assertExpected() {
        if (LACKING) {
            throw new TestAbortedException(REASON);
        }
        String expected = System.getProperty("ebbtide.expect.kernels");
        if (expected != null && expected.matches("\\d+") && Integer.parseInt(expected) != BITS) {
            throw new AssertionError(
                    "this JVM should run " + expected + "-bit kernels, it runs " + BITS);
        }
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        return LACKING ? SkipResult.skip(REASON) : SkipResult.doNotSkip();
    }

    @Override
    public TryExecutionResult aroundTry(
            TryLifecycleContext context, TryExecutor executor, List<Object> parameters) {
        TryExecutionResult result = executor.execute(parameters);
        int done = tries.computeIfAbsent(context.targetMethod(), m -> new AtomicInteger())
                .incrementAndGet();
        boolean enough = EMULATED && done >= EMULATED_TRIES;
        return result.isSatisfied() && enough ? TryExecutionResult.satisfied(true) : result;
    }
}
