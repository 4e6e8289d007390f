package ebbtide.bench.validate;

import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StoredTensor;
import ebbtide.kernels.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One case computed by PyTorch in float64, laid out as the README beside the files says. */
final class GoldenCase {
    private static final Set<String> CELLS = Set.of("rnn", "leaky", "skip", "lstm", "gru");

    private final Safetensors.Contents contents;

    GoldenCase(Path file) throws IOException {
        contents = Safetensors.read(file);
    }

    /** Returns why the engine cannot run this case, or an empty text. */
    String skipped() {
        String cell = contents.metadata().get("cell");
        if (cell == null) {
            return "no cell in its metadata";
        }
        return CELLS.contains(cell) ? "" : "the engine has no cell " + cell;
    }

    /** Returns whether this is a trajectory of an optimiser. */
    boolean optimiser() {
        return contents.tensors().containsKey("trajectory");
    }

    String text(String key) {
        return contents.metadata().get(key);
    }

    double number(String key, double otherwise) {
        String text = text(key);
        return text == null ? otherwise : Double.parseDouble(text);
    }

    private int integer(String key) {
        return Integer.parseInt(text(key));
    }

    double[] doubles(String tensor) {
        return contents.tensors().get(tensor).doubles();
    }

    /** Everything the engine needs. */
    Problem problem() {
        Map<String, double[]> inputs = new LinkedHashMap<>();
        int[] lengths = null;
        for (Map.Entry<String, StoredTensor> entry : contents.tensors().entrySet()) {
            String name = entry.getKey();
            if (name.equals("lengths")) {
                lengths = Arrays.stream(entry.getValue().longs()).mapToInt(Math::toIntExact)
                        .toArray();
            } else if (input(name)) {
                inputs.put(name, entry.getValue().doubles());
            }
        }
        return new Problem(
                spec(), integer("steps"), integer("batch"), integer("inputs"), integer("hidden"),
                integer("layers"), integer("directions"), lengths, inputs);
    }

    private static boolean input(String name) {
        return name.startsWith("weight_") || name.startsWith("bias_")
                || Set.of("x", "h0", "c0", "dy", "dhn", "dcn").contains(name);
    }

    private CellSpec spec() {
        return switch (text("cell")) {
            case "lstm" -> CellSpec.lstm();
            case "gru" -> CellSpec.gru();
            case "leaky" -> CellSpec.leaky(activation(), Float.parseFloat(text("alpha")));
            case "skip" -> CellSpec.skip(activation(), integer("skip"));
            default -> CellSpec.rnn(activation());
        };
    }

    private Activation activation() {
        return Activation.valueOf(text("activation").toUpperCase(Locale.ROOT));
    }

    /** The tensors that PyTorch computed. */
    List<String> expected() {
        return contents.tensors().keySet().stream()
                .filter(name -> !input(name) && !name.equals("lengths"))
                .toList();
    }
}
