package ebbtide.bench.cli;

import ebbtide.bench.suite.Suite;
import java.util.List;

/** The section of a results file that one suite fills. */
final class BenchSection {
    /** From other machines and other days, for those whom this program cannot run. */
    private static final String CITED = """

            Cited, not run: on one core of an AMD EPYC (Zen 4), FMA peak 115 GFLOP/s, one thread, the
            sigmoid step in GFLOP/s, as recorded in November 2026.

            | T,B,I,H | JAX 0.10 | PyTorch 2.13, a loop | PyTorch tanh `nn.RNN` |
            |---|---:|---:|---:|
            | 64,1,64,64 | 32.1 | 0.8 | 1.6 |
            | 64,16,128,128 | 79.2 | 23.7 | 37.4 |
            | 512,8,128,128 | 59.5 | 9.2 | 25.3 |
            | 64,32,256,256 | 84.4 | 55.0 | 60.2 |
            | 128,64,512,512 | 74.4 | 41.3 | 63.1 |
            | 64,128,1024,1024 | | 40.5 | 68.2 |
            """;

    private static final String CITED_PRODUCTS = """

            Cited, not run: MKL 2026.1 on one core of an AMD EPYC (Zen 4), FMA peak 115 GFLOP/s, one
            thread, as recorded in November 2026: 68 GFLOP/s at M,N,K = 8,128,128, 95 at 32,256,256, 99
            at 64,512,512 and at 128,1024,1024, 96 at 512,512,8192 (transposed A).
            """;

    private BenchSection() {
    }

    /** Returns the name of a suite's section. */
    static String name(Suite suite) {
        return "speed-" + suite.label();
    }

    /** Returns the section: machine, command, table, and what makes it doubtful. */
    static String of(BenchReport report, String command) {
        StringBuilder text = new StringBuilder();
        text.append("## Speed: ").append(title(report.suite())).append("\n\n");
        text.append("```\n").append(command).append("\n```\n\n");
        report.machine().forEach(
                (name, value) -> text.append("- ").append(name).append(": ").append(value)
                        .append("\n"));
        text.append(
                "\n\"x PEER\" is our speed over the peer's, medians of interleaved rounds, with the"
                        + " interval that holds the median of the rounds' own ratios with a confidence of"
                        + " 95 %; \"packed\" charges packing and reordering to both.\n\n");
        if (!report.means().isEmpty()) {
            text.append(GridMean.table(report.means()).markdown()).append("\n");
        }
        text.append(report.table().markdown());
        list(text, "Failed", report.problems());
        list(text, "Doubtful", report.warnings());
        text.append(switch (report.suite()) {
            case STEP -> CITED;
            case GEMM -> CITED_PRODUCTS;
            default -> "";
        });
        return text.toString();
    }

    private static String title(Suite suite) {
        return switch (suite) {
            case STEP -> "forward and backward of a layer";
            case GRID -> "the grid, against oneDNN";
            case GEMM -> "products";
            case ACTIVATION -> "functions, ns for 16 values in L1";
            case RELATIONS -> "the engine's steps against one another";
            case TRAIN -> "whole training steps with Adam";
            default -> suite.label();
        };
    }

    private static void list(StringBuilder text, String head, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n").append(head).append(":\n\n");
            lines.forEach(line -> text.append("- ").append(line).append("\n"));
        }
    }
}
