package ebbtide.bench.validate;

import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Saves a tensor of one number, then of another, over and over, until it is killed. */
final class SaveChild {
    private static final int SIZE = 100_000;

    private SaveChild() {
    }

    /** The argument is the file; prints a line before each save. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        for (float number = 1;; number++) {
            System.out.println("saving");
            float[] numbers = new float[SIZE];
            Arrays.fill(numbers, number);
            Safetensors.write(
                    file, Map.of("number", Float.toString(number)),
                    List.of(StoredTensor.floats("x", numbers, SIZE)));
        }
    }

    /** Returns "whole" if the file is, or was never written; else what is wrong. */
    static String inspect(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "whole";
        }
        Safetensors.Contents contents = Safetensors.read(file);
        float number = Float.parseFloat(contents.metadata().get("number"));
        for (float x : contents.tensors().get("x").floats()) {
            if (x != number) {
                return "a save of %s holds %s".formatted(number, x);
            }
        }
        return "whole";
    }
}
