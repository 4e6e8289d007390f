package ebbtide.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.io.Safetensors;
import java.io.IOException;
import java.util.Arrays;

/** One case computed by PyTorch in float64; see README.md beside the files. */
record GoldenCase(String name, Safetensors.Contents contents) {
    static GoldenCase read(String name) {
        try {
            return new GoldenCase(name, Golden.read(name));
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    int number(String key) {
        return Integer.parseInt(text(key));
    }

    String text(String key) {
        return contents.metadata().get(key);
    }

    boolean has(String tensor) {
        return contents.tensors().containsKey(tensor);
    }

    double[] doubles(String tensor) {
        return contents.tensors().get(tensor).doubles();
    }

    /** Inputs of the cases are exact in float32. */
    float[] floats(String tensor) {
        double[] values = doubles(tensor);
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    int[] lengths() {
        return Arrays.stream(contents.tensors().get("lengths").longs())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** A tensor of three dimensions. */
    Tensor tensor(String tensor) {
        long[] shape = contents.tensors().get(tensor).shape();
        return Tensor.of(floats(tensor), (int) shape[0], (int) shape[1], (int) shape[2]);
    }

    /** Every element within 5e-6 of the largest magnitude of its tensor. */
    void assertClose(String tensor, float[] actual) {
        double[] expected = doubles(tensor);
        assertTrue(expected.length == actual.length, name + " " + tensor + ": length");
        double largest = 0;
        for (double v : expected) {
            largest = Math.max(largest, Math.abs(v));
        }
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            assertTrue(
                    error <= 5e-6 * largest,
                    "%s %s[%d]: expected %s, got %s, error %.3g of the largest magnitude"
                            .formatted(name, tensor, i, expected[i], actual[i], error / largest));
        }
    }
}
