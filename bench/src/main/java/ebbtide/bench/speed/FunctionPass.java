package ebbtide.bench.speed;

import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;

/** An elementwise function on data in L1, over and over. */
public final class FunctionPass implements Contestant {
    /** Values of x, and of y: together 8 KiB. */
    public static final int VALUES = 1024;

    /** Passes between two readings of the clock. */
    public static final int PASSES = 64;

    private final Kernels kernels;
    private final Activation function;
    private final float[] x = new float[VALUES];
    private final float[] y = new float[VALUES];

    /** Draws values where no function is constant yet. */
    public FunctionPass(Kernels kernels, Activation function) {
        this.kernels = kernels;
        this.function = function;
        Generator random = Generator.of(1);
        for (int i = 0; i < VALUES; i++) {
            x[i] = random.uniform(-6, 6);
        }
    }

    @Override
    public String name() {
        return kernels.name();
    }

    @Override
    public void forward() {
        for (int pass = 0; pass < PASSES; pass++) {
            kernels.pointwise().apply(function, x, 0, y, 0, VALUES);
        }
    }
}
