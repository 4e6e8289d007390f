package ebbtide.bench.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/** What this process runs on. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> TELLING =
            List.of("fma", "avx2", "avx512f", "avx512vl", "avx512dq", "asimd", "sve");

    private Machine() {
    }

    /** Returns the processor's name as the system gives it. */
    static String processor() {
        for (String line : cpuInfo()) {
            if (line.startsWith("model name")) {
                return value(line);
            }
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? System.getProperty("os.arch") : windows;
    }

    /** Returns the processors of the machine, of which this process may be allowed fewer. */
    static int processors() {
        int listed = (int) cpuInfo().stream().filter(l -> l.startsWith("processor")).count();
        return Math.max(listed, Runtime.getRuntime().availableProcessors());
    }

    /** Returns the instruction sets that matter here, as far as the system lists them. */
    static List<String> instructions() {
        for (String line : cpuInfo()) {
            String start = line.toLowerCase(Locale.ROOT);
            if (start.startsWith("flags") || start.startsWith("features")) {
                List<String> all = Arrays.asList(value(line).split(" "));
                return TELLING.stream().filter(all::contains).toList();
            }
        }
        return List.of();
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private static List<String> cpuInfo() {
        try {
            return Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns whether the Vector API was resolved at start-up. */
    static boolean vectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Returns the bits of a vector that the JVM prefers, 0 without the Vector API. */
    static int vectorBits() {
        return vectorModule() ? Species.preferred() : 0;
    }

    /** Returns the bits of the widest vector that the JVM can use, 0 without the Vector API. */
    static int largestVectorBits() {
        return vectorModule() ? Species.largest() : 0;
    }

    /** Apart, so that the rest of this class loads without the Vector API. */
    private static final class Species {
        static int preferred() {
            return FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }

        static int largest() {
            return FloatVector.SPECIES_MAX.vectorBitSize();
        }
    }

    /** Returns the options that the JVM was started with. */
    static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** Returns the value of a HotSpot flag, or {@code fallback} on a JVM that has none such. */
    static String flag(String name, String fallback) {
        HotSpotDiagnosticMXBean bean =
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (bean == null) {
            return fallback;
        }
        try {
            return bean.getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            return fallback;
        }
    }

    /** Returns whether code is only interpreted ({@code -Xint}). */
    static boolean interpreted() {
        return System.getProperty("java.vm.info", "").startsWith("interpreted");
    }
}
