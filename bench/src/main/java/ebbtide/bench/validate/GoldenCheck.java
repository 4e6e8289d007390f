package ebbtide.bench.validate;

import ebbtide.checks.Area;
import ebbtide.checks.UpdateTwins;
import ebbtide.engine.Workers;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * PyTorch's autograd in float64 against two things: the path in double, to the last digits, and the
 * engine, within the bound of its rounding.
 */
final class GoldenCheck implements Check {
    /** What two ways of computing in double may differ by, of the largest element. */
    private static final double DOUBLES = 1e-11;
    private static final double WORK = 1.5e8;
    /** Float32 updates over twenty steps, of the largest parameter. */
    private static final double UPDATES = 5e-6;

    private final Kernels kernels = KernelSelection.selected().kernels();

    @Override
    public String name() {
        return "golden";
    }

    @Override
    public String title() {
        return "PyTorch in float64 against the double path and the engine";
    }

    @Override
    public void run(ValidationRun run) throws IOException {
        List<Path> files = run.golden() == null ? own() : files(run.golden());
        if (files.isEmpty()) {
            run.add(Finding.notRun(name(), String.valueOf(run.golden()), "no .safetensors file"));
        }
        for (int i = 0; i < files.size(); i++) {
            run.requireGoOn();
            String subject = files.get(i).getFileName().toString().replace(".safetensors", "");
            run.report(subject, (double) i / files.size());
            GoldenCase golden = new GoldenCase(files.get(i));
            if (golden.optimiser() && UpdateTwins.OPTIMISERS.contains(subject)) {
                run.add(trajectory(subject, golden));
            } else if (!golden.skipped().isEmpty()) {
                run.add(Finding.notRun(name(), subject, "skipped: " + golden.skipped()));
            } else {
                run.add(network(subject, golden));
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
        }
    }

    /** The cases inside the program, copied to where they can be read as files. */
    private static List<Path> own() throws IOException {
        Path folder = Files.createTempDirectory("ebbtide-golden");
        folder.toFile().deleteOnExit();
        try (InputStream list = GoldenCheck.class.getResourceAsStream("golden.txt")) {
            for (String name : new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .toList()) {
                Path copy = folder.resolve(name + ".safetensors");
                try (InputStream in = GoldenCheck.class.getResourceAsStream(
                        "/golden/" + name + ".safetensors")) {
                    Files.copy(in, copy);
                }
                copy.toFile().deleteOnExit();
            }
        }
        return files(folder);
    }

    private Finding network(String subject, GoldenCase golden) {
        Problem problem = golden.problem();
        GraphNetwork network = new GraphNetwork(problem);
        Worst doubles = doubles(golden, network);
        if (!(doubles.error() <= DOUBLES)) {
            return Finding.of(
                    name(), subject, doubles, DOUBLES, "of the largest", "the path in double");
        }
        NetworkJudge judge = new NetworkJudge(network, problem.shape(), WORK);
        Map<String, float[]> actual = problem.run(problem.network(kernels), Workers.single());
        judge.judge(actual);
        return judge.finding(name(), subject);
    }

    private static Worst doubles(GoldenCase golden, GraphNetwork network) {
        Worst worst = new Worst();
        for (String name : golden.expected()) {
            double[] expected = golden.doubles(name);
            int[] nodes = network.outputs.get(name);
            double largest = Double.MIN_NORMAL;
            for (double v : expected) {
                largest = Math.max(largest, Math.abs(v));
            }
            for (int i = 0; i < expected.length; i++) {
                double ours = nodes[i] < 0 ? 0 : network.graph.value(nodes[i]);
                int at = i;
                worst.see(
                        Math.abs(ours - expected[i]) / largest, () -> name + "[" + at + "]");
            }
        }
        return worst;
    }

    /** Twenty steps of an optimiser under the gradient p + cos p. */
    private Finding trajectory(String subject, GoldenCase golden) {
        double[] start = golden.doubles("p0");
        double[] trajectory = golden.doubles("trajectory");
        double largest = 0;
        for (double x : trajectory) {
            largest = Math.max(largest, Math.abs(x));
        }
        int n = start.length;
        Area[] areas = new Area[4];
        for (int i = 0; i < areas.length; i++) {
            areas[i] = new Area(new float[n], 0, n, 1, n);
        }
        float[] p = areas[0].x();
        for (int i = 0; i < n; i++) {
            p[i] = (float) start[i];
        }
        Worst worst = new Worst();
        for (int t = 1; t * n <= trajectory.length; t++) {
            for (int i = 0; i < n; i++) {
                areas[3].x()[i] = (float) (p[i] + Math.cos(p[i]));
            }
            UpdateTwins.step(
                    subject, kernels.updates(), areas, n, golden.number("lr", 0),
                    golden.number("weight_decay", 0), t);
            for (int i = 0; i < n; i++) {
                String place = "step %d, element %d".formatted(t, i);
                worst.see(
                        Math.abs(p[i] - trajectory[(t - 1) * n + i]) / largest, () -> place);
            }
        }
        return Finding.of(name(), subject, worst, UPDATES, "of the largest", "");
    }
}
