package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.TextCorpus;
import ebbtide.bench.data.TextSource;
import ebbtide.bench.data.Vocabulary;
import ebbtide.bench.flow.CellKind;
import ebbtide.bench.flow.Subject;
import ebbtide.bench.train.Checkpoint;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Recipe;
import ebbtide.bench.train.Structure;
import ebbtide.engine.Model;
import ebbtide.engine.Workers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code ebbtide flow} looks at. */
final class FlowOptions {
    private static final double TRAINING_SHARE = 0.9;
    private static final int NOISE_INPUTS = 8;
    private static final int USUAL_HIDDEN = 64;
    private static final int USUAL_STEPS = 100;
    private static final List<String> WITH_MODEL = List.of(
            "--model", "--steps", "--batch", "--text", "--csv", "--target", "--seed", "--out",
            "--threads", "--json");

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "A model that ebbtide train has saved, with its own data and loss.")
    Path model;

    @Mixin
    StructureOptions structure = new StructureOptions();

    @Option(
            names = "--init",
            paramLabel = "NAME",
            description = "Recurrent weights, named as for ebbtide train (default: uniform).")
    String init;

    @Option(
            names = "--radius",
            paramLabel = "RHO",
            description = "Recurrent weights gaussian with this largest |eigenvalue|: --init radius=RHO.")
    Double radius;

    @Option(
            names = "--steps",
            paramLabel = "T",
            description = "Time steps (default: 100; with --model those it was trained on).")
    Integer steps;

    @Option(
            names = "--batch",
            paramLabel = "B",
            description = "Sequences, for the quantiles (default: 32).")
    int batch = 32;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Read this UTF-8 text, and predict its next character (default: noise).")
    Path text;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Read this series, with --target (default: noise).")
    Path csv;

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "Column to forecast, with --csv.")
    String target;

    @Option(
            names = "--noise",
            paramLabel = "X",
            description = "Standard deviation of the noise that 8 inputs carry where no data are named; 0"
                    + " for no input (default: 1).")
    Double noise;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of weights and noise (default: ${DEFAULT-VALUE}).")
    long seed;

    /** What is looked at, and its name. */
    record Chosen(Subject subject, String title) {
    }

    /**
     * Checks the options and makes what they name.
     *
     * @param given names of the options on the command line
     */
    Chosen open(List<String> given, Workers workers) {
        Checks.atLeast(2, "--steps", steps);
        Checks.atLeast(1, "--batch", batch);
        Checks.positive("--radius", radius);
        Checks.notNegative("--noise", noise);
        if (radius != null && init != null) {
            throw new BadInput(
                    "--radius: expected none with --init %s, got %s; leave one out", init, radius);
        }
        boolean data = text != null || csv != null;
        if (noise != null && data) {
            throw new BadInput("--noise: expected none with data, got %s; leave it out", noise);
        }
        if (model == null) {
            return fresh(data, workers);
        }
        for (String option : given) {
            if (!WITH_MODEL.contains(option)) {
                throw new BadInput(
                        "%s: expected none with --model, which has its own; leave it out", option);
            }
        }
        return saved(workers);
    }

    private Chosen fresh(boolean data, Workers workers) {
        RecipeOptions options = new RecipeOptions();
        options.structure = structure;
        structure.hidden = structure.hidden == null ? USUAL_HIDDEN : structure.hidden;
        options.init = radius != null ? "radius=" + radius : init == null ? options.init : init;
        options.seed = seed;
        int length = steps == null ? USUAL_STEPS : steps;
        SourceOptions where = new SourceOptions();
        Recipe recipe = options.recipe(where, text != null).withGradualUnderflow();
        Source source = data ? source(where, length) : null;
        requireAnalysable(recipe);
        Model fresh = Models.create(
                recipe, data ? source.inputs() : NOISE_INPUTS, data ? source.outputs() : 1,
                data && source.tokens(), Models.kernels("auto"));
        CellKind kind = CellKind.of(recipe.structure());
        double scale = noise == null ? 1 : noise;
        return new Chosen(
                data
                        ? Subject.of(fresh, kind, source, workers)
                        : Subject.noise(fresh.rnn(), kind, length, batch, scale, seed),
                title(recipe, data ? source.name() : scale == 0 ? "no input" : "noise"));
    }

    private static void requireAnalysable(Recipe recipe) {
        Structure structure = recipe.structure();
        if (structure.zoneout() > 0 || structure.cellZoneout() > 0) {
            throw new BadInput(
                    "expected no zoneout, got %s; outside training its states are means that no gradient"
                            + " goes back through: leave it out",
                    structure.describe());
        }
        if (structure.layerNorm()) {
            throw new BadInput(
                    "--layer-norm: expected none, got %s; the theorem and the shares of saturated units do"
                            + " not hold for what it divides by: leave it out",
                    structure.describe());
        }
    }

    private static String title(Recipe recipe, String input) {
        return "%s, %d hidden units, %s, %s"
                .formatted(
                        recipe.structure().describe(), recipe.structure().hidden(), recipe.init(),
                        input);
    }

    private Source source(SourceOptions where, int length) {
        where.text = text;
        where.csv = csv;
        where.target = target;
        where.bptt = length;
        where.batch = batch;
        return where.open(seed);
    }

    private Chosen saved(Workers workers) {
        SavedModel read = SavedModel.read(model);
        SavedModel saved = new SavedModel(read.checkpoint(), read.recipe().withGradualUnderflow());
        requireAnalysable(saved.recipe());
        Checkpoint checkpoint = saved.checkpoint();
        Definition definition = Definition.parse(checkpoint.text("arguments"), model.toString());
        Source source = source(checkpoint, definition.source, saved.recipe().seed());
        if (source.inputs() != checkpoint.number("inputs")) {
            throw new BadInput(
                    "%s: expected data with %s inputs, as it was trained on, got %d; name such",
                    model, checkpoint.text("inputs"), source.inputs());
        }
        CellKind kind = CellKind.of(saved.recipe().structure());
        return new Chosen(
                Subject.of(saved.load(), kind, source, workers),
                model.getFileName() + ": " + title(saved.recipe(), source.name()));
    }

    /** Opens the data that the model was trained on, or those named now in their place. */
    private Source source(Checkpoint checkpoint, SourceOptions saved, long seed) {
        saved.batch = batch;
        if (saved.task != null) {
            saved.length = steps == null ? saved.length : steps;
            return saved.open(seed);
        }
        saved.bptt = steps == null ? saved.bptt : steps;
        saved.shift = null;
        saved.text = text == null ? saved.text : text;
        saved.csv = csv == null ? saved.csv : csv;
        if (!checkpoint.has("vocabulary")) {
            return saved.open(seed);
        }
        // The text may have changed since: what counts is the alphabet that the model knows.
        TextCorpus corpus = ((TextSource) saved.open(seed)).corpus();
        int[] read = Arrays.stream(corpus.tokens()).map(corpus.vocabulary()::codePoint).toArray();
        Vocabulary vocabulary = Vocabulary.of(checkpoint.text("vocabulary"));
        return new TextSource(
                new TextCorpus(corpus.name(), vocabulary.encode(read), vocabulary), batch,
                saved.bptt, saved.bptt, TRAINING_SHARE);
    }
}
