package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.onnx.OnnxModel;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Model;
import ebbtide.engine.io.AtomicFile;
import ebbtide.engine.io.StateDict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ebbtide export}. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Writes the best weights of a model that ebbtide train has saved for other programs.",
            "",
            "onnx: a graph from x [T, B, I] (tokens: int64 [T, B]), h0 and, with lstm, c0 [L, B, H] to"
                    + " output [T, B, O], hn and cn; T and B are free.",
            "safetensors: PyTorch's names. torch.nn.Module with self.rnn = nn.LSTM(I, H, L) and"
                    + " self.readout = nn.Linear(H, O) takes the file with"
                    + " load_state_dict(safetensors.torch.load_file(FILE)); tokens go in as one-hot rows."
                    + " The way back is ebbtide train --init-from FILE.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide export model.safetensors model.onnx",
            "  ebbtide export model.safetensors weights.safetensors",
            "  ebbtide export model.safetensors lstm.safetensors --prefix decoder.lstm."
        })
public final class ExportCommand implements Callable<Integer> {
    private static final List<String> FORMATS = List.of("onnx", "safetensors");

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private Path from;

    @Parameters(index = "1", paramLabel = "FILE", description = "Where the export goes.")
    private Path to;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "onnx or safetensors (default: what FILE ends in).")
    private String format;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "What stands before the recurrent weights' names in a safetensors file, as in"
                    + " rnn.weight_ih_l0 (default: ${DEFAULT-VALUE}).")
    private String prefix = "rnn.";

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String name = to.getFileName().toString();
        format = format == null ? name.substring(name.lastIndexOf('.') + 1) : format;
        Checks.oneOf("--format", FORMATS, format);
        if (to.toAbsolutePath().normalize().equals(from.toAbsolutePath().normalize())) {
            throw new BadInput("FILE: expected another file than MODEL, got %s twice; name one",
                    to);
        }
        SavedModel saved = SavedModel.read(from);
        if (format.equals("onnx")) {
            OnnxModel.requireExportable(saved.recipe().structure());
        } else {
            requireTorch(saved.recipe().structure());
        }
        Model model = saved.load();
        try {
            write(saved, model);
        } catch (IOException e) {
            throw new BadInput("%s; choose another FILE", e.getMessage());
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("model", from.toString());
        figures.put("file", to.toString());
        figures.put("format", format);
        figures.put("cell", saved.recipe().structure().describe());
        figures.put("parameters", model.parameters().layout().elements());
        if (format.equals("onnx")) {
            figures.put("opset", OnnxModel.OPSET);
        }
        figures.forEach((key, value) -> console.say(json, "%-12s %s", key, value));
        if (json) {
            console.json(figures);
        }
        return Errors.DONE;
    }

    /** PyTorch's LSTM has projections; the other cells it has not, or not under the same names. */
    private static void requireTorch(Structure structure) {
        if (structure.unusual() && structure.projection() == 0) {
            throw new BadInput(
                    "expected a cell that PyTorch has (RNN, LSTM, GRU), got %s; its weights are in MODEL"
                            + " itself, a safetensors file",
                    structure.describe());
        }
    }

    private void write(SavedModel saved, Model model) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("cell", saved.recipe().structure().describe());
        texts.put("source", saved.checkpoint().text("source"));
        if (saved.checkpoint().has("vocabulary")) {
            texts.put("vocabulary", saved.checkpoint().text("vocabulary"));
        }
        if (format.equals("safetensors")) {
            StateDict.save(to, model.parameters(), prefix, texts);
            return;
        }
        byte[] bytes = OnnxModel.bytes(model, saved.recipe().structure(), texts);
        AtomicFile.write(to, channel -> {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }
}
