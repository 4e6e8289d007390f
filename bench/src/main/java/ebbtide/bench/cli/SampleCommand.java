package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Vocabulary;
import ebbtide.bench.train.Checkpoint;
import ebbtide.bench.train.Sampler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ebbtide sample}. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {"Continues a text with a character model that ebbtide train has saved.", ""},
        footer = {
            "",
            "Examples:",
            "  ebbtide sample --model model.safetensors",
            "  ebbtide sample --model model.safetensors --prompt \"The \" --length 500 --seed 7",
            "  ebbtide sample --model model.safetensors --temperature 0.5 --json"
        })
public final class SampleCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description = "The model.")
    private Path file;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "The text to continue (default: the start of a line).")
    private String prompt = "";

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "Characters to add (default: ${DEFAULT-VALUE}).")
    private int length = 400;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "Below 1 likelier, above 1 wilder (default: ${DEFAULT-VALUE}).")
    private double temperature = 0.8;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Checks.atLeast(1, "--length", length);
        Checks.positive("--temperature", temperature);
        SavedModel saved = SavedModel.read(file);
        Checkpoint checkpoint = saved.checkpoint();
        if (!checkpoint.has("vocabulary")) {
            throw new BadInput(
                    "%s: expected a character model, got one of %s; train with --text",
                    file, checkpoint.text("source"));
        }
        Vocabulary vocabulary = Vocabulary.of(checkpoint.text("vocabulary"));
        // Before the kernels are chosen and logged: bad input is one line alone.
        vocabulary.encode(prompt.codePoints().toArray());
        String text =
                new Sampler(saved.load(), vocabulary).sample(prompt, length, temperature, seed);
        console.say(json, "%s", prompt + text);
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("prompt", prompt);
            result.put("text", text);
            result.put("length", length);
            result.put("temperature", temperature);
            result.put("seed", seed);
            result.put("model", file.toString());
            console.json(result);
        }
        return Errors.DONE;
    }
}
