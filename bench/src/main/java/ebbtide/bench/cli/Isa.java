package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.Ebbtide;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A limit on the instructions that everybody uses. The JVM, oneDNN and OpenBLAS each read theirs once,
 * when they start: the command is run again in a JVM that is started with all three.
 */
enum Isa {
    AVX2("avx2", "2", "AVX2", "Haswell"),
    AVX512("avx512f", "3", "ALL", "SkylakeX");

    /** Tells the second JVM that it is the second one. */
    private static final String PROPERTY = "ebbtide.isa";

    private final String instruction;
    private final String jvm;
    private final String oneDnn;
    private final String openBlas;

    Isa(String instruction, String jvm, String oneDnn, String openBlas) {
        this.instruction = instruction;
        this.jvm = jvm;
        this.oneDnn = oneDnn;
        this.openBlas = openBlas;
    }

    /**
     * Reads the option.
     *
     * @throws BadInput if there is no such, or the processor has not got it
     */
    static Isa named(String name) {
        for (Isa isa : values()) {
            if (isa.label().equals(name)) {
                if (!Machine.instructions().contains(isa.instruction)) {
                    throw new BadInput(
                            "--isa: expected what the processor has (%s), got %s; leave it out",
                            String.join(", ", Machine.instructions()), name);
                }
                return isa;
            }
        }
        throw new BadInput("--isa: expected avx2 or avx512, got %s; choose one", name);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether this JVM was started with the limit. */
    boolean inForce() {
        return label().equals(System.getProperty(PROPERTY));
    }

    /** Runs the command in a JVM with the limit, on this one's streams, and returns its exit code. */
    int relaunch(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator
                + "java");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-XX:UseAVX=" + jvm);
        command.add("-D" + PROPERTY + "=" + label());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Ebbtide.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(
                Map.of("ONEDNN_MAX_CPU_ISA", oneDnn, "OPENBLAS_CORETYPE", openBlas));
        // Its options are in the command already.
        builder.environment().remove("JDK_JAVA_OPTIONS");
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new BadInput("--isa: cannot start %s: %s", command.get(0), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Errors.INTERRUPTED;
        }
    }
}
