package ebbtide.bench.suite;

import ebbtide.bench.BadInput;
import ebbtide.bench.speed.Field;
import ebbtide.bench.speed.FunctionPass;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.Workload;
import ebbtide.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code ebbtide bench} times. */
public enum Suite {
    /** Whole steps of a cell. */
    STEP("T,B,I,H", StepSuite.class),
    /** Whole steps over the grid of sizes, against oneDNN alone. */
    GRID("T,B,I,H", null),
    /** Products at the sizes of recurrent networks. */
    GEMM("M,N,K", GemmSuite.class),
    /** Elementwise functions on data in L1. */
    ACTIVATION("values", ActivationSuite.class),
    /** Whole training steps with Adam. */
    TRAIN("T,B,I,H", TrainSuite.class),
    /** Steps of the engine against other steps of the engine. */
    RELATIONS("T,B,I,H", null),
    /** What a call into OpenBLAS costs; in JMH's forks only. */
    OPENBLAS("", OpenBlasSuite.class);

    private static final Pattern PRODUCT = Pattern.compile("(\\d{1,5}),(\\d{1,5}),(\\d{1,5})");

    /** A second on one core. Longer steps would take most of the grid's time. */
    private static final double MOST_GRID_FLOPS = 110e9;

    private final String sizes;
    private final Class<?> jmh;

    Suite(String sizes, Class<?> jmh) {
        this.sizes = sizes;
        this.jmh = jmh;
    }

    /**
     * Returns the suite of this name.
     *
     * @throws BadInput if there is none
     */
    public static Suite named(String name) {
        for (Suite suite : values()) {
            if (suite.label().equals(name)) {
                return suite;
            }
        }
        throw new BadInput(
                "--suite: expected one of %s, start, got %s; choose one",
                Arrays.stream(values()).map(Suite::label).collect(Collectors.joining(", ")), name);
    }

    /** Returns the name that the command line gives it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what the sizes of its workloads are. */
    public String sizes() {
        return sizes;
    }

    /** Returns its JMH class, or null if it has none. */
    public Class<?> jmh() {
        return jmh;
    }

    /**
     * Returns what is to be timed in one process; nothing if the suite has JMH's forks only.
     *
     * @param cells what was named, or null
     * @param shapes what was named, or null
     * @param full whether the whole grid stands for what was not named
     * @throws BadInput if a shape has another form, or something was named that this suite has not
     */
    public List<Entry> entries(
            Kernels ours, List<StepCell> cells, List<String> shapes, boolean full) {
        return switch (this) {
            case STEP -> steps(cells, shapes, full).stream().map(s -> step(ours, s)).toList();
            case GRID -> {
                requireNoShapes(shapes);
                yield Sizes.grid(cells, MOST_GRID_FLOPS).stream().map(s -> duel(ours, s)).toList();
            }
            case TRAIN -> steps(cells, shapes, full).stream().map(s -> training(ours, s)).toList();
            case GEMM -> products(cells, shapes, full).stream().map(p -> product(ours, p)).toList();
            case ACTIVATION -> {
                requireNoShapes(shapes);
                yield functions(cells).stream().map(cell -> function(ours, cell)).toList();
            }
            case RELATIONS -> {
                requireNothing(cells, shapes);
                yield ours == null ? List.of() : Relations.entries(ours);
            }
            case OPENBLAS -> {
                requireNothing(cells, shapes);
                yield List.of();
            }
        };
    }

    private static List<Sizes.Step> steps(
            List<StepCell> cells, List<String> shapes, boolean full) {
        if (full && shapes == null) {
            return Sizes.fullSteps(cells);
        }
        if (cells == null && shapes == null) {
            return Sizes.quickSteps();
        }
        List<Shape> sizes = shapes == null
                ? Sizes.quickSteps().stream().map(Sizes.Step::shape).distinct().toList()
                : shapes.stream().map(Shape::parse).distinct().toList();
        return (cells == null ? List.of(StepCell.SIGMOID) : cells).stream()
                .flatMap(cell -> sizes.stream().map(shape -> new Sizes.Step(cell, shape)))
                .toList();
    }

    private static List<Sizes.Product> products(
            List<StepCell> cells, List<String> shapes, boolean full) {
        if (cells != null) {
            throw new BadInput("--cell: expected none with --suite gemm; leave it out");
        }
        if (shapes == null) {
            return full ? Sizes.fullProducts() : Sizes.quickProducts();
        }
        return shapes.stream().map(Suite::parse).distinct().toList();
    }

    private static Sizes.Product parse(String text) {
        var form = PRODUCT.matcher(text.strip());
        if (!form.matches()) {
            throw new BadInput("shape: expected M,N,K such as 32,256,256, got %s", text);
        }
        int m = Integer.parseInt(form.group(1));
        int n = Integer.parseInt(form.group(2));
        int k = Integer.parseInt(form.group(3));
        if (Math.min(m, Math.min(n, k)) < 1 || Math.max(m, Math.max(n, k)) > 16384) {
            throw new BadInput("shape: expected sizes from 1 to 16384, got %s", text);
        }
        return new Sizes.Product(m, n, k);
    }

    private void requireNothing(List<StepCell> cells, List<String> shapes) {
        if (cells != null || shapes != null) {
            throw new BadInput(
                    "--suite %s: expected neither --cell nor --shape; leave them out", label());
        }
    }

    private void requireNoShapes(List<String> shapes) {
        if (shapes != null) {
            throw new BadInput("--shape: expected none with --suite %s; leave it out", label());
        }
    }

    private static List<StepCell> functions(List<StepCell> cells) {
        for (StepCell cell : cells == null ? List.<StepCell>of() : cells) {
            if (!cell.elman()) {
                throw new BadInput(
                        "--cell: expected a function with --suite activation, got %s;"
                                + " choose sigmoid, tanh, relu or identity",
                        cell.label());
            }
        }
        return cells == null ? List.of(StepCell.SIGMOID, StepCell.TANH, StepCell.RELU) : cells;
    }

    private static Entry step(Kernels ours, Sizes.Step step) {
        Workload work = Workload.step(step.shape(), step.cell());
        return entry(
                step, work,
                workers -> Fields.step(ours, workers, step.shape(), step.cell(), work));
    }

    private static Entry duel(Kernels ours, Sizes.Step step) {
        return entry(
                step, Workload.step(step.shape(), step.cell()),
                workers -> Fields.duel(ours, workers, step.shape(), step.cell()));
    }

    private static Entry training(Kernels ours, Sizes.Step step) {
        Workload work = Workload.training(step.shape(), step.cell());
        return entry(
                step, work,
                workers -> Fields.training(ours, workers, step.shape(), step.cell(), work));
    }

    private static Entry entry(Sizes.Step step, Workload work, Field field) {
        return new Entry(work, field, step.shape().bytes() * step.cell().gates());
    }

    private static Entry product(Kernels ours, Sizes.Product p) {
        Workload work = new Workload(
                List.of(p.m(), p.n(), p.k()), "product", 2.0 * p.m() * p.n() * p.k(), false);
        return new Entry(
                work, workers -> Fields.product(ours, workers, p.m(), p.n(), p.k(), work),
                4L * Float.BYTES * ((long) p.m() * (p.n() + p.k()) + (long) p.n() * p.k()));
    }

    private static Entry function(Kernels ours, StepCell cell) {
        Workload work = new Workload(
                List.of(FunctionPass.VALUES), cell.label(),
                (double) FunctionPass.VALUES * FunctionPass.PASSES, false);
        return new Entry(work, workers -> Fields.function(ours, cell.activation()), 0);
    }
}
