package ebbtide.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Allocation;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.kernels.KernelSelection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Clip clip = new Clip(KernelSelection.selected().kernels());

    private static Gradients gradients(float... values) {
        Layout layout =
                new Layout.Builder().vector("p", values.length).matrix("W", 3, 17).build();
        Gradients gradients = new Gradients(layout);
        layout.write(gradients.array(), "p", values);
        return gradients;
    }

    @Test
    void byGlobalNormScalesAsPyTorchDoes() {
        Gradients gradients = gradients(3, -4, 0);
        assertEquals(5f, clip.byGlobalNorm(gradients, 2));
        double factor = 2 / (5 + 1e-6);
        float[] g = gradients.read("p");
        assertEquals(3 * factor, g[0], 3e-7);
        assertEquals(-4 * factor, g[1], 4e-7);
        assertEquals(0f, g[2]);
    }

    @Test
    void theNormIsOverAllParameters() {
        Gradients gradients = gradients(2);
        float[] w = new float[51];
        Arrays.fill(w, 0.5f);
        gradients.layout().write(gradients.array(), "W", w);
        assertEquals(Math.sqrt(4 + 51 * 0.25), clip.byGlobalNorm(gradients, INFINITY), 1e-6);
        clip.byGlobalNorm(gradients, 1);
        assertEquals(1, clip.byGlobalNorm(gradients, INFINITY), 2e-6);
    }

    @Test
    void normsWithinTheLimitChangeNothing() {
        Gradients gradients = gradients(3, -4);
        assertEquals(5f, clip.byGlobalNorm(gradients, 5.1f));
        assertArrayEquals(new float[] {3, -4}, gradients.read("p"));
        assertEquals(0f, clip.byGlobalNorm(gradients(0, 0), 1));
    }

    /** The plain sum of squares would overflow, or vanish. */
    @Test
    void hugeAndTinyGradientsAreClippedRight() {
        Gradients huge = gradients(3e30f, 4e30f);
        assertEquals(5e30f, clip.byGlobalNorm(huge, 1), 1e24f);
        assertEquals(0.6f, huge.read("p")[0], 1e-6f);
        Gradients tiny = gradients(3e-30f, 4e-30f);
        assertEquals(5e-30f, clip.byGlobalNorm(tiny, 1), 1e-36f);
        assertArrayEquals(new float[] {3e-30f, 4e-30f}, tiny.read("p"));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, INFINITY, -INFINITY})
    void normsThatAreNoNumberThrowAndChangeNothing(float bad) {
        Gradients gradients = gradients(3, bad, 1);
        NonFiniteGradientException e =
                assertThrows(
                        NonFiniteGradientException.class, () -> clip.byGlobalNorm(gradients, 1));
        assertEquals(Math.abs(bad), e.value());
        assertTrue(e.getMessage().contains("expected"));
        assertArrayEquals(new float[] {3, bad, 1}, gradients.read("p"));
    }

    @Test
    void byValueLimitsEach() {
        Gradients gradients = gradients(3, -4, 0.5f, -0f, INFINITY, -INFINITY);
        assertEquals(INFINITY, clip.byValue(gradients, 2));
        assertArrayEquals(new float[] {2, -2, 0.5f, -0f, 2, -2}, gradients.read("p"));
        assertEquals(2f, clip.byValue(gradients, 2));
        assertEquals(2f, clip.byValue(gradients, INFINITY));
        assertArrayEquals(new float[] {2, -2, 0.5f, -0f, 2, -2}, gradients.read("p"));
    }

    @Test
    void byValueThrowsOnNaNAndChangesNothing() {
        Gradients gradients = gradients(3, Float.NaN, -4);
        assertThrows(NonFiniteGradientException.class, () -> clip.byValue(gradients, 1));
        assertArrayEquals(new float[] {3, Float.NaN, -4}, gradients.read("p"));
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN})
    void limitsThatAreNoneAreRefused(float limit) {
        Gradients gradients = gradients(3);
        assertThrows(IllegalArgumentException.class, () -> clip.byValue(gradients, limit));
        assertThrows(IllegalArgumentException.class, () -> clip.byGlobalNorm(gradients, limit));
        assertArrayEquals(new float[] {3}, gradients.read("p"));
    }

    @Test
    void clippingAllocatesNothing() {
        Gradients gradients = gradients(3, 4);
        assertEquals(0, Allocation.bytes(() -> clip.byGlobalNorm(gradients, 1e-3f)));
        Gradients others = gradients(3, 4);
        assertEquals(0, Allocation.bytes(() -> clip.byValue(others, 1)));
    }
}
