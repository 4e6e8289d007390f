package ebbtide.bench.speed;

import ebbtide.engine.random.Generator;

/** Data that is nothing in particular. */
public final class Noise {
    private Noise() {
    }

    /** Returns {@code n} numbers, uniform in ±1/2. */
    public static float[] uniform(int n, Generator random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
