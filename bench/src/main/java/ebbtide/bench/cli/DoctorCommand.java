package ebbtide.bench.cli;

import ebbtide.bench.train.Models;
import ebbtide.engine.linalg.LinearAlgebra;
import ebbtide.openblas.LibrarySelection;
import ebbtide.openblas.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ebbtide doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        description = {
            "Tells what the machine and the JVM offer, which kernels are used and why, which OpenBLAS"
                    + " was found where, and what to change. Exits with 1 if something slows Ebbtide down.",
            ""
        },
        footer = {"", "Examples:", "  ebbtide doctor", "  ebbtide doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
    private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");

    /** What OpenBLAS calls its kernels without AVX2; the first one serves processors it does not know. */
    private static final Set<String> OLD_CORES = Set.of(
            "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Sandybridge", "Atom", "Nano",
            "Opteron", "Barcelona", "Bobcat", "Bulldozer", "Piledriver");

    private final Console console;

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line of standard output.")
    private boolean json;

    /** Creates the command. */
    public DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> advice = advice();
        Map<String, Object> facts = facts();
        facts.put("advice", advice);
        facts.forEach((name, value) -> {
            if (value != advice) {
                console.say(json, "%-20s %s", label(name), text(value));
            }
        });
        advice.forEach(line -> console.say(json, "change: %s", line));
        if (advice.isEmpty()) {
            console.say(json, "All is well.");
        }
        if (json) {
            console.json(facts);
        }
        return advice.isEmpty() ? Errors.DONE : Errors.FAILED;
    }

    private static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", Machine.processor());
        facts.put("processors", Machine.processors());
        facts.put("processorsUsable", Runtime.getRuntime().availableProcessors());
        facts.put("instructions", Machine.instructions());
        facts.put("vectorBits", Machine.vectorBits());
        facts.put("vectorBitsLargest", Machine.largestVectorBits());
        facts.put("jdk", Runtime.version().toString());
        facts.put("jdkVendor", System.getProperty("java.vendor"));
        facts.put("jdkHome", System.getProperty("java.home"));
        facts.put("options", Machine.options());
        facts.put("heapMegabytes", Runtime.getRuntime().maxMemory() >> 20);
        facts.put("kernels", Models.kernels("auto").name());
        facts.put("kernelsReason", Models.kernelsReason());
        putOpenBlas(facts);
        return facts;
    }

    private static void putOpenBlas(Map<String, Object> facts) {
        LibrarySelection selection = LibrarySelection.selected();
        facts.put("openblasLookedFor", selection.places().stream().map(Place::toString).toList());
        facts.put("openblasVerdict", selection.verdict());
        facts.put("openblasUse",
                "by --kernels openblas, or --kernels auto --inexact where a plan measures"
                        + " it faster; its rounding is its own");
        String coreType = System.getenv("OPENBLAS_CORETYPE");
        facts.put("openblasCoreType",
                "OPENBLAS_CORETYPE: " + (coreType == null ? "not set" : coreType));
        selection.library().ifPresent(library -> {
            facts.put("openblasVersion", library.version());
            facts.put("openblasCore", library.core());
            facts.put("openblasThreads", library.threading());
            facts.put("openblasFile", library.path().toString());
            if (OLD_CORES.contains(library.core()) && Machine.instructions().contains("avx2")) {
                facts.put("openblasAdvice",
                        "its kernels for %s leave out AVX2, which this processor has and this version"
                                .formatted(library.core())
                                + " does not recognise: set OPENBLAS_CORETYPE=" + newCore());
            }
        });
        facts.put("linearAlgebra",
                LinearAlgebra.provided().orElseGet(LinearAlgebra::java).name());
    }

    /** OpenBLAS's kernels for all processors with this one's vectors. */
    private static String newCore() {
        return widest() == 512 ? "SkylakeX" : "Haswell";
    }

    private static List<String> advice() {
        List<String> advice = new ArrayList<>();
        if (!Machine.vectorModule()) {
            advice.add("start Java with --add-modules=jdk.incubator.vector, as ./ebbtide does;"
                    + " without it everything runs on the scalar kernels");
        } else if (Machine.vectorBits() < widest()) {
            advice.add(
                    "the processor has vectors of %d bits, this JVM uses %d: check -XX:UseAVX (%s)"
                            .formatted(widest(), Machine.vectorBits(),
                                    Machine.flag("UseAVX", "not set"))
                            + " and -XX:MaxVectorSize (%s)"
                                    .formatted(Machine.flag("MaxVectorSize", "not set")));
        }
        if (Runtime.version().feature() == 25 && Runtime.version().compareTo(OLDEST) < 0) {
            advice.add(
                    "install JDK %s or a newer 25: older ones have a fault in G1 with pinned objects"
                            .formatted(OLDEST));
        }
        if (Machine.interpreted()) {
            advice.add("leave out -Xint: nothing is compiled with it");
        } else if (!Machine.flag("TieredStopAtLevel", "4").equals("4")) {
            advice.add(
                    "leave out -XX:TieredStopAtLevel: the Vector API is fast in C2 only (level 4)");
        }
        return advice;
    }

    private static int widest() {
        List<String> instructions = Machine.instructions();
        return instructions.contains("avx512f") ? 512 : instructions.contains("avx2") ? 256 : 128;
    }

    private static String label(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String text(Object value) {
        if (!(value instanceof List<?> list)) {
            return value.toString();
        }
        List<String> parts = list.stream().map(Object::toString).toList();
        boolean words = parts.stream().noneMatch(part -> part.contains(" "));
        return String.join(words ? " " : "%n%21s".formatted(""), parts);
    }
}
