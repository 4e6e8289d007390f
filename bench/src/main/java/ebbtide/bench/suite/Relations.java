package ebbtide.bench.suite;

import ebbtide.bench.speed.BareProducts;
import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.EngineForm;
import ebbtide.bench.speed.Field;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.Wanted;
import ebbtide.bench.speed.Workload;
import ebbtide.engine.Plan;
import ebbtide.engine.Planner;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.Activation;
import ebbtide.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How the engine's steps stand to one another and to their products: what is slower than it should be,
 * whoever the peers are.
 */
final class Relations {
    /** The name of the one that the other is compared with. */
    static final String BASE = "base";

    private static final int ALL = Integer.MAX_VALUE;

    private final Kernels kernels;
    private final List<Entry> entries = new ArrayList<>();

    private Relations(Kernels kernels) {
        this.kernels = kernels;
    }

    static List<Entry> entries(Kernels kernels) {
        Relations relations = new Relations(kernels);
        relations.threads();
        relations.fusion();
        relations.sizes();
        relations.lengths();
        relations.steps();
        relations.data();
        relations.checkpoints();
        relations.cells();
        return relations.entries;
    }

    /** Builds one of the two. */
    private interface Form {
        Contestant build();
    }

    private void one(Shape shape, StepCell cell, String how, Wanted wanted, Form form, Form base) {
        add(shape, cell, how, wanted, workers -> workers.threads() == 1
                ? List.of(form.build(), base.build())
                : List.of());
    }

    private void add(Shape shape, StepCell cell, String how, Wanted wanted, Field field) {
        add(shape, cell, Workload.related(shape, cell, how, wanted), field);
    }

    private void add(Shape shape, StepCell cell, Workload work, Field field) {
        entries.add(new Entry(work, field, 3 * cell.gates() * shape.bytes()));
    }

    private EngineForm plain(String name, StepCell cell, Shape shape, Shape workload) {
        return plain(name, cell.network(shape.inputs(), shape.hidden()), shape,
                shape.flops() / workload.flops(), Workers.single());
    }

    private EngineForm plain(
            String name, RnnBuilder network, Shape shape, double share, Workers workers) {
        Rnn rnn = network.kernels(kernels).build(1);
        Planner planner = rnn.planner(shape.steps(), shape.batch()).workers(workers);
        return EngineForm.of(name, share, rnn, planner.build());
    }

    /** All threads against one. */
    private void threads() {
        for (String text : List.of("16,4,32,32", "64,1,64,64", "64,4,64,64", "64,32,64,64")) {
            threads(Shape.parse(text), 1.0);
        }
        for (String text : List.of("64,1,128,128", "64,1,256,256", "64,1,512,512")) {
            threads(Shape.parse(text), 1.6);
        }
        for (String text : List.of("64,16,256,256", "64,32,256,256", "64,32,512,512")) {
            threads(Shape.parse(text), 1.9);
        }
    }

    private void threads(Shape shape, double wanted) {
        StepCell cell = StepCell.SIGMOID;
        add(shape, cell, "all threads : one", Wanted.atLeast(wanted), workers -> {
            if (workers.threads() == 1) {
                return List.of();
            }
            RnnBuilder network = cell.network(shape.inputs(), shape.hidden());
            return List.of(
                    plain(kernels.name(), network, shape, 1, workers),
                    plain(BASE, network, shape, 1, Workers.single()));
        });
    }

    /** A forward pass against its products alone: what bias, activation and moving of rows cost. */
    private void fusion() {
        StepCell cell = StepCell.SIGMOID;
        for (String text : List.of("64,32,128,128", "64,32,256,256", "64,32,512,512")) {
            Shape shape = Shape.parse(text);
            Workload work = Workload.relatedForward(
                    shape, cell, "forward : its products", Wanted.atLeast(1 / 1.06));
            add(shape, cell, work, workers -> {
                if (workers.threads() > 1) {
                    return List.of();
                }
                Rnn rnn = cell.network(shape.inputs(), shape.hidden()).kernels(kernels).build(1);
                Plan plan = rnn.planner(shape.steps(), shape.batch()).build();
                return List.of(
                        EngineForm.forward(kernels.name(), rnn, plan),
                        new BareProducts(BASE, kernels, shape));
            });
        }
    }

    /** Sizes that are no multiple of 16 against the next that is. */
    private void sizes() {
        for (int hidden : List.of(65, 100, 300)) {
            for (StepCell cell : List.of(StepCell.SIGMOID, StepCell.LSTM)) {
                Shape odd = new Shape(64, 32, hidden, hidden);
                int next = (hidden + 15) / 16 * 16;
                Shape even = new Shape(64, 32, next, next);
                one(odd, cell, "H = %d : H = %d".formatted(hidden, next), Wanted.atLeast(0.9),
                        () -> plain(kernels.name(), cell, odd, odd),
                        () -> plain(BASE, cell, even, odd));
            }
        }
    }

    /** Lengths uniform in 1 to T against all of length T: the whole batch in at most 0.6 of the time. */
    private void lengths() {
        Shape shape = new Shape(64, 32, 256, 256);
        Generator random = Generator.of(1);
        int[] lengths = IntStream.generate(() -> 1 + random.nextInt(shape.steps()))
                .limit(shape.batch()).toArray();
        double share = IntStream.of(lengths).average().orElseThrow() / shape.steps();
        for (StepCell cell : List.of(StepCell.SIGMOID, StepCell.LSTM)) {
            one(shape, cell, "lengths 1 to T : all T", Wanted.atLeast(share / 0.6), () -> {
                Rnn rnn = cell.network(shape.inputs(), shape.hidden()).kernels(kernels).build(1);
                Plan plan = rnn.planner(shape.steps(), shape.batch()).variableLengths().build();
                plan.lengths(lengths);
                return EngineForm.of(kernels.name(), share, rnn, plan);
            }, () -> plain(BASE, cell, shape, shape));
        }
    }

    /** Many steps against few. */
    private void steps() {
        for (String text : List.of("2000,1,128,128", "2000,8,128,128", "2000,32,128,128")) {
            Shape many = Shape.parse(text);
            Shape few = new Shape(16, many.batch(), many.inputs(), many.hidden());
            one(many, StepCell.SIGMOID, "T = 2000 : T = 16", new Wanted(0.9, 1.1),
                    () -> plain(kernels.name(), StepCell.SIGMOID, many, many),
                    () -> plain(BASE, StepCell.SIGMOID, few, many));
        }
    }

    /** Data that vanishes or starts very large against ordinary data. */
    private void data() {
        Shape shape = new Shape(200, 32, 128, 128);
        for (StepCell cell : List.of(StepCell.SIGMOID, StepCell.TANH, StepCell.LSTM)) {
            data(shape, cell, "a gradient that vanishes : usual", 1, 1, 1);
            data(shape, cell, "gradients of 1e-38 : usual", 1, 1e-38f, ALL);
            data(shape, cell, "data of 1e4 : usual", 1e4f, 1e4f, ALL);
        }
    }

    private void data(
            Shape shape, StepCell cell, String how, float inputs, float gradients, int steps) {
        one(shape, cell, how, Wanted.atLeast(1 / 1.05),
                () -> plain(kernels.name(), cell, shape, shape).scaled(inputs, gradients, steps),
                () -> plain(BASE, cell, shape, shape));
    }

    /** Checkpoints against none. */
    private void checkpoints() {
        Shape shape = new Shape(1000, 16, 128, 128);
        for (StepCell cell : List.of(StepCell.SIGMOID, StepCell.LSTM, StepCell.GRU)) {
            Rnn rnn = cell.network(shape.inputs(), shape.hidden()).kernels(kernels).build(1);
            Planner planner = rnn.planner(shape.steps(), shape.batch());
            double memory = 100.0 * planner.buildCheckpointed().workspaceBytes()
                    / planner.workspaceBytes();
            one(shape, cell,
                    String.format(Locale.ROOT, "checkpoints (%.1f %% of the memory) : none",
                            memory),
                    Wanted.atLeast(1 / 1.4),
                    () -> EngineForm.checkpointed(
                            kernels.name(), rnn, shape.steps(), shape.batch(), planner),
                    () -> plain(BASE, cell, shape, shape));
        }
    }

    /** Leaky units, and one skip connection, against plain units. */
    private void cells() {
        for (Shape shape : List.of(new Shape(64, 16, 128, 128), new Shape(64, 32, 256, 256))) {
            StepCell cell = StepCell.SIGMOID;
            int in = shape.inputs();
            int hidden = shape.hidden();
            one(shape, cell, "leaky : plain", Wanted.atLeast(1 / 1.05),
                    () -> plain(kernels.name(), Rnn.leaky(Activation.SIGMOID, in, hidden, 0.5f),
                            shape, 1, Workers.single()),
                    () -> plain(BASE, cell, shape, shape));
            one(shape, cell, "one skip : plain", Wanted.atLeast(1 / 1.6),
                    () -> plain(kernels.name(), Rnn.sigmoid(in, hidden).skip(2), shape, 1,
                            Workers.single()),
                    () -> plain(BASE, cell, shape, shape));
        }
    }
}
