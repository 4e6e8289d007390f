package ebbtide.engine;

import ebbtide.engine.random.Generator;

/** Random tensors for tests, reproducible by seed. */
final class TestTensors {
    private TestTensors() {}

    static Tensor random(Generator random, int steps, int rows, int features) {
        Tensor tensor = Tensor.zeros(steps, rows, features);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = random.uniform(-1, 1);
        }
        return tensor;
    }

    static Tokens tokens(Generator random, int steps, int rows, int classes) {
        int[] data = new int[steps * rows];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextInt(classes);
        }
        return Tokens.of(data, steps, rows);
    }

    static Tensor oneHot(Tokens tokens, int classes) {
        Tensor tensor = Tensor.zeros(tokens.steps(), tokens.rows(), classes);
        for (int t = 0; t < tokens.steps(); t++) {
            for (int row = 0; row < tokens.rows(); row++) {
                tensor.data()[tensor.index(t, row) + tokens.at(t, row)] = 1f;
            }
        }
        return tensor;
    }
}
