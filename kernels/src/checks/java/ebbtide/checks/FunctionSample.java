package ebbtide.checks;

import java.util.Arrays;
import java.util.Random;

/**
 * A million floats: every exponent with some two thousand mantissas, and every float around each place
 * where one of the functions changes.
 */
public final class FunctionSample {
    private static final long SEED = 6;
    private static final int MANTISSAS = 2048;
    private static final int AROUND = 2048;
    private static final int[] CORNERS = {0, 1, 2, 0x3f_ffff, 0x40_0000, 0x7f_fffe, 0x7f_ffff};

    /**
     * Overflow, the first subnormal, the last result that is not 0; where sigmoid and tanh reach 1;
     * tanh's split; the clamps; where log changes sign and where the reductions of exp, sigmoid and log
     * take the next k.
     */
    private static final float[] PLACES = {88.722839f, -87.336548f, -103.97208f, 17.328679f,
        16.635532f,
        9.010914f, 1.0f, -1.0f, 109.0f, -109.0f, 104.0f, -104.0f, -176.0f, 9.5f, 0.34657359f,
        -0.34657359f, 1.0397208f, -1.0397208f, 0.17328680f, 0.51986039f, 0.70710677f, 1.4142135f};

    private FunctionSample() {}

    /** Returns the sample, in ascending order. */
    public static float[] floats() {
        int perSign = 255 * (MANTISSAS + CORNERS.length);
        int size = 2 * perSign + PLACES.length * 2 * AROUND;
        // Whole vectors at every width; what is left over is 0.
        float[] x = new float[(size + 15) & ~15];
        Random random = new Random(SEED);
        int n = 0;
        for (int exponent = 0; exponent < 255; exponent++) {
            for (int i = 0; i < MANTISSAS + CORNERS.length; i++) {
                int mantissa = i < CORNERS.length ? CORNERS[i] : random.nextInt(1 << 23);
                float value = Float.intBitsToFloat(exponent << 23 | mantissa);
                x[n++] = value;
                x[n++] = -value;
            }
        }
        for (float place : PLACES) {
            int bits = Float.floatToRawIntBits(place);
            for (int i = -AROUND; i < AROUND; i++) {
                x[n++] = Float.intBitsToFloat(bits + i);
            }
        }
        Arrays.sort(x);
        return x;
    }
}
