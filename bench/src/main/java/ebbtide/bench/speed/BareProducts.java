package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import ebbtide.kernels.Kernels;

/** The products of a forward pass, W·x_t and U·h_{t−1} for each step, and nothing besides. */
public final class BareProducts implements Contestant {
    private final String name;
    private final int steps;
    private final PackedProduct input;
    private final PackedProduct recurrent;

    /** Draws and packs. */
    public BareProducts(String name, Kernels kernels, Shape shape) {
        this.name = name;
        steps = shape.steps();
        Workers one = Workers.single();
        input = new PackedProduct(kernels, one, shape.batch(), shape.hidden(), shape.inputs());
        recurrent = new PackedProduct(kernels, one, shape.batch(), shape.hidden(), shape.hidden());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void forward() {
        for (int t = 0; t < steps; t++) {
            input.forward();
            recurrent.forward();
        }
    }
}
