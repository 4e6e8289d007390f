package ebbtide.bench.validate;

import ebbtide.engine.Directions;
import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Plan;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.loss.SoftmaxCrossEntropy;
import ebbtide.engine.optim.Clip;
import ebbtide.engine.optim.Optimizer;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Work whose every bit is known: its results as one SHA-256. NaNs are hashed as one value. */
record Scenario(String name, Results results) {
    /** Computes on these workers. */
    interface Results {
        Map<String, float[]> of(Workers workers);
    }

    private static final long SEED = 7;
    private static final String CUT = "-cut";

    /**
     * A pass of every cell, of its many short sequences that checkpoints would cut, of a network with
     * structure, and a few updates of a model over tokens.
     */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (CellSpec spec : CellSpec.ALL) {
            Problem problem = Problem.random(spec, 9, 5, 7, 33, 2, 1, SEED);
            all.add(new Scenario(
                    name(spec), workers -> problem.run(problem.network(kernels()), workers)));
            Problem cut = cut(spec);
            all.add(new Scenario(
                    name(spec) + CUT, workers -> cut.run(cut.network(kernels()), workers)));
        }
        all.add(new Scenario("structure", Scenario::structure));
        all.add(new Scenario("training", Scenario::training));
        return all;
    }

    /** Those of {@link #all} that can be run with checkpoints, run so. */
    static List<Scenario> checkpointed() {
        List<Scenario> all = new ArrayList<>();
        for (CellSpec spec : CellSpec.ALL) {
            Problem cut = cut(spec);
            all.add(new Scenario(
                    name(spec) + CUT,
                    workers -> cut.runCheckpointed(cut.network(kernels()), workers)));
        }
        return all;
    }

    private static String name(CellSpec spec) {
        return spec.name().replace(' ', '-');
    }

    /** Segments of 1, 4 and 4 steps: weight gradients of 52 sequences come in blocks of 4. */
    private static Problem cut(CellSpec spec) {
        return Problem.random(spec, 9, 52, 3, 9, 1, 1, SEED);
    }

    private static Kernels kernels() {
        return KernelSelection.selected().kernels();
    }

    /** Two directions, residual layers, all masks, sequences of different lengths. */
    private static Map<String, float[]> structure(Workers workers) {
        int steps = 6;
        int batch = 4;
        Rnn rnn = CellSpec.gru().network(8, 20).layers(2).directions(Directions.CONCATENATED)
                .residual(true).dropout(0.3f).recurrentDropout(0.2f).zoneout(0.1f)
                .kernels(kernels()).build(SEED);
        Plan plan = rnn.planner(steps, batch).workers(workers).variableLengths().build();
        plan.lengths(3, 6, 1, 5);
        plan.drawMasks(SEED);
        Tensor x = Tensor.zeros(steps, batch, 8);
        Tensor dy = Tensor.zeros(steps, batch, rnn.outputs());
        Generator random = Generator.of(SEED);
        for (Tensor numbers : List.of(x, dy)) {
            for (int i = 0; i < numbers.data().length; i++) {
                numbers.data()[i] = random.uniform(-1, 1);
            }
        }
        Tensor y = Tensor.zeros(steps, batch, rnn.outputs());
        Tensor dx = Tensor.zeros(steps, batch, 8);
        Gradients gradients = rnn.gradients();
        plan.forward(x, null, y, null);
        plan.backward(dy, null, dx, null, gradients);
        Map<String, float[]> out = new LinkedHashMap<>();
        out.put("y", y.data());
        out.put("dx", dx.data());
        for (Layout.Slot slot : gradients.layout().slots()) {
            out.put(slot.name(), gradients.read(slot.name()));
        }
        return out;
    }

    private static Map<String, float[]> training(Workers workers) {
        int steps = 8;
        int batch = 6;
        int classes = 11;
        Model model = Model.build(
                CellSpec.lstm().network(classes, 20).kernels(kernels()).tokens(true), classes,
                SEED);
        Generator random = Generator.of(SEED);
        int[] text = new int[steps * batch];
        for (int i = 0; i < text.length; i++) {
            text[i] = random.nextInt(classes);
        }
        Tokens tokens = Tokens.of(text, steps, batch);
        Plan plan = model.rnn().planner(steps, batch).workers(workers).build();
        LinearPlan readout = model.readout().plan(steps, batch, workers);
        SoftmaxCrossEntropy loss =
                new SoftmaxCrossEntropy(kernels(), workers, steps, batch, classes);
        Optimizer adam = Optimizer.named("adam", kernels(), model.parameters().layout());
        Clip clip = new Clip(kernels());
        Gradients gradients = model.gradients();
        for (int update = 0; update < 3; update++) {
            gradients.zero();
            plan.forward(tokens, (Tensor) null, null, null);
            readout.forward(plan.output());
            loss.compute(readout.output(), tokens, readout.output());
            readout.backward(plan.outputGradient(), gradients);
            plan.backward(plan.outputGradient(), null, null, null, gradients);
            clip.byGlobalNorm(gradients, 1);
            adam.step(model.parameters(), gradients, 1e-2);
        }
        return Map.of("parameters", model.parameters().read("weight_hh_l0"));
    }

    /** Returns the hash of one run. */
    String hash(Workers workers) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            results.of(workers).forEach((tensor, numbers) -> {
                sha.update(tensor.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
                for (float x : numbers) {
                    bytes.putInt(Float.floatToIntBits(x));
                }
                sha.update(bytes.array());
            });
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
