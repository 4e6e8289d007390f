package ebbtide.openblas;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@link Probe} in a JVM of its own, so that a library that crashes or hangs takes that one
 * along.
 *
 * @param java the launcher
 * @param seconds how long the child may take
 */
record ChildProbe(Path java, int seconds) {
    /** SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: death by signal n is exit code 128 + n. */
    private static final Set<Integer> CRASHES = Set.of(4, 6, 7, 8, 11);

    /** How the JVM reports a signal that it caught. */
    private static final Pattern SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) ");

    /** The probe with this JVM's launcher. */
    static ChildProbe ofProcess() {
        return new ChildProbe(Path.of(System.getProperty("java.home"), "bin", "java"), 60);
    }

    /**
     * Returns if the library is fit to be loaded here.
     *
     * @throws UnusableLibraryException if it is not
     */
    void check(Path library) throws UnusableLibraryException {
        Process child = null;
        try {
            ProcessBuilder builder = new ProcessBuilder(command(library));
            builder.directory(new File(System.getProperty("java.io.tmpdir")));
            builder.redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            // Options for this JVM (a debugger's port, an agent) are none of the child's business.
            environment.keySet().removeAll(
                    List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
            environment.put("OPENBLAS_NUM_THREADS", "1");
            child = builder.start();
            child.getOutputStream().close();
            if (!child.waitFor(seconds, TimeUnit.SECONDS)) {
                throw UnusableLibraryException.passing(
                        "the probe process did not end within %d s".formatted(seconds));
            }
            byte[] said = child.getInputStream().readAllBytes();
            judge(new String(said, StandardCharsets.UTF_8), child.exitValue());
        } catch (IOException e) {
            throw UnusableLibraryException.passing(
                    "the probe process cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UnusableLibraryException.passing("interrupted while the probe process ran");
        } finally {
            if (child != null) {
                child.destroyForcibly();
            }
        }
    }

    private static void judge(String said, int exit) throws UnusableLibraryException {
        for (String line : said.lines().toList()) {
            if (line.equals(Probe.ACCEPTED)) {
                return;
            }
            if (line.startsWith(Probe.REFUSED_LASTING)) {
                throw UnusableLibraryException.lasting(
                        line.substring(Probe.REFUSED_LASTING.length()));
            }
            if (line.startsWith(Probe.REFUSED_PASSING)) {
                throw UnusableLibraryException.passing(
                        line.substring(Probe.REFUSED_PASSING.length()));
            }
        }
        Matcher signal = SIGNAL.matcher(said);
        if (signal.find()) {
            throw UnusableLibraryException.lasting(
                    "it crashed the probe process (%s)".formatted(signal.group(1)));
        }
        if (CRASHES.contains(exit - 128)) {
            throw UnusableLibraryException.lasting(
                    "it crashed the probe process (signal %d)".formatted(exit - 128));
        }
        // Killed from outside, say, for want of memory; or a JVM that did not start.
        String first = said.lines().findFirst().map(line -> ": " + line).orElse("");
        throw UnusableLibraryException.passing(
                "the probe process ended with exit code %d%s".formatted(exit, first));
    }

    private List<String> command(Path library) throws UnusableLibraryException {
        if (!Files.isExecutable(java)) {
            throw UnusableLibraryException.passing(
                    "a library is first tried in a child process, and there is no " + java);
        }
        List<String> command = new ArrayList<>(List.of(
                java.toString(), "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null"));
        String main = Probe.class.getName();
        CodeSource source = Probe.class.getProtectionDomain().getCodeSource();
        URI code;
        try {
            code = source.getLocation().toURI();
        } catch (URISyntaxException e) {
            throw UnusableLibraryException.passing("the probe's own code is at " + e.getMessage());
        }
        if (code.getScheme().equals("jrt")) {
            // A jlink image: the module is in the image that the launcher belongs to.
            String module = Probe.class.getModule().getName();
            command.addAll(List.of("--enable-native-access=" + module, "-m", module + "/" + main));
        } else if (code.getScheme().equals("file")) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
                    Path.of(code).toString(), main));
        } else {
            throw UnusableLibraryException
                    .passing("a child process cannot be started from " + code);
        }
        command.add(library.toString());
        return command;
    }
}
