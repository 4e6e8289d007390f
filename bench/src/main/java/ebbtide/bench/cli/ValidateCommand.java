package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.speed.Commit;
import ebbtide.bench.train.Models;
import ebbtide.bench.validate.Check;
import ebbtide.bench.validate.Finding;
import ebbtide.bench.validate.Validation;
import ebbtide.bench.validate.ValidationReport;
import ebbtide.bench.validate.ValidationRun;
import ebbtide.bench.validate.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ebbtide validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Checks the numerics on this machine: kernels against their scalar twins, functions and"
                    + " products against their error bounds, networks against a path in double"
                    + " precision. A few minutes.",
            "Exits with 1 if a check failed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ebbtide validate",
            "  ebbtide validate --only twins,activations --json",
            "  ebbtide validate --only activations --exhaustive    all 2^32 floats",
            "  ebbtide validate --golden cases/ --report report.html",
            "  ebbtide validate --only soak --soak 60"
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final String HEAD = "%-12s %-30s %12s %11s %9s %-17s %-12s %s";
    private static final String LINE = "%-12s %-30s %,12d %11.4g %9.4g %-17s %-12s %s";

    private final Console console;
    private final Interrupt interrupt;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Run these checks; repeatable (default: all). Names: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Names.class)
    private List<String> only;

    @Option(
            names = "--exhaustive",
            description = "The long forms: all floats, ten times the cases.")
    private boolean exhaustive;

    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description = "Folder of golden cases (default: those that come with the program).")
    private Path golden;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description = "Then train for so long and watch the memory.")
    private Double soak;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with all findings and plots.")
    private Path report;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random cases (default: ${DEFAULT-VALUE}).")
    private Long seed = 1L;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public ValidateCommand(Console console, Interrupt interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    /** The names of the checks. */
    static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Validation.checks().stream().map(Check::name).iterator();
        }
    }

    @Override
    public Integer call() {
        List<Check> checks = chosen();
        Checks.positive("--soak", soak);
        if (golden != null && !Files.isDirectory(golden)) {
            throw new BadInput("--golden: expected a folder, got %s; name one", golden);
        }
        List<Finding> findings = new ArrayList<>();
        console.say(
                json, HEAD, "check", "subject", "cases", "worst", "limit", "unit", "verdict",
                "worst at");
        try (ProgressLine line = new ProgressLine(console.err(), Console.terminal())) {
            for (int i = 0; i < checks.size(); i++) {
                Check check = checks.get(i);
                double before = i;
                ValidationRun run = new ValidationRun(
                        exhaustive, seed, golden, soak == null ? 0 : soak,
                        finding -> {
                            findings.add(finding);
                            say(finding);
                        },
                        (doing, share) -> line.report(
                                (before + share) / checks.size(), check.name() + ": " + doing),
                        interrupt::requested);
                if (!Validation.run(check, run)) {
                    return Errors.INTERRUPTED;
                }
            }
        }
        return finish(findings);
    }

    private List<Check> chosen() {
        List<Check> all = Validation.checks();
        if (only == null) {
            return all;
        }
        List<String> names = all.stream().map(Check::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new BadInput(
                        "--only: expected one of %s, got %s; choose one",
                        String.join(", ", names), name);
            }
        }
        return all.stream().filter(check -> only.contains(check.name())).toList();
    }

    private void say(Finding f) {
        if (f.verdict() == Verdict.NOT_RUN) {
            console.say(json, "%-12s %-30s %s: %s", f.check(), f.subject(), f.verdict(),
                    f.remark());
            return;
        }
        String where = String.join(
                ", ",
                List.of(f.place(), f.shape(), f.remark()).stream().filter(s -> !s.isEmpty())
                        .toList());
        console.say(
                json, LINE, f.check(), f.subject(), f.cases(), f.worst(), f.limit(), f.unit(),
                f.verdict(), where);
    }

    private void write(List<Finding> findings) {
        String machine = "%s, JDK %s, %s, commit %s, %s, seed %d".formatted(
                Machine.processor(), Runtime.version(), Models.kernels("auto").name(),
                Commit.current().orElse("unknown"), Instant.now().truncatedTo(ChronoUnit.SECONDS),
                seed);
        try {
            ValidationReport.page(findings, machine, seed).writeAlone(report);
        } catch (IOException e) {
            throw new BadInput("--report: expected a file to write, got %s (%s); name another",
                    report, e.getMessage());
        }
    }

    private int finish(List<Finding> findings) {
        if (report != null) {
            write(findings);
        }
        long failed = count(findings, Verdict.FAILED);
        console.say(
                json, "%d passed, %d failed, %d out of reach, %d not run",
                count(findings, Verdict.PASSED), failed, count(findings, Verdict.OUT_OF_REACH),
                count(findings, Verdict.NOT_RUN));
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("passed", count(findings, Verdict.PASSED));
            figures.put("failed", failed);
            figures.put("seed", seed);
            figures.put("exhaustive", exhaustive);
            figures.put("checks", findings.stream().map(ValidateCommand::toMap).toList());
            console.json(figures);
        }
        return failed == 0 ? Errors.DONE : Errors.FAILED;
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(f -> f.verdict() == verdict).count();
    }

    private static Map<String, Object> toMap(Finding f) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("check", f.check());
        map.put("subject", f.subject());
        map.put("cases", f.cases());
        map.put("worst", Double.isFinite(f.worst()) ? f.worst() : null);
        map.put("limit", f.limit());
        map.put("unit", f.unit());
        map.put("place", f.place());
        map.put("shape", f.shape());
        map.put("verdict", f.verdict().toString());
        map.put("remark", f.remark());
        return map;
    }
}
