import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts each fault of a catalogue into a clone of the project, runs the tests that are to catch it, and
 * says whether they did. Exits with 1 if one was not caught or no longer fits the source.
 *
 * <p>Arguments: the clone, the catalogue, and optionally a part of the names of the faults to try.
 */
final class Faults {
    private Faults() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path clone = Path.of(arguments[0]);
        String part = arguments.length > 2 ? arguments[2] : "";
        int caught = 0;
        int tried = 0;
        for (Map<String, String> fault : read(Path.of(arguments[1]))) {
            if (!fault.get("fault").contains(part)) {
                continue;
            }
            tried++;
            String verdict = tried(clone, fault);
            caught += verdict.equals("caught") ? 1 : 0;
            System.out.printf("%-12s %s%n", verdict, fault.get("fault"));
        }
        System.out.printf("%d of %d caught%n", caught, tried);
        System.exit(caught == tried ? 0 : 1);
    }

    private static List<Map<String, String>> read(Path catalogue) throws IOException {
        List<Map<String, String>> faults = new ArrayList<>();
        for (String line : Files.readAllLines(catalogue)) {
            if (line.startsWith("fault: ")) {
                faults.add(new LinkedHashMap<>());
            }
            int colon = line.indexOf(": ");
            if (!line.startsWith("#") && colon > 0) {
                faults.getLast().put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return faults;
    }

    private static String tried(Path clone, Map<String, String> fault)
            throws IOException, InterruptedException {
        Path file = clone.resolve(fault.get("file"));
        String sound = Files.readString(file);
        int at = sound.indexOf(fault.get("old"));
        if (at < 0) {
            return "does not fit";
        }
        Files.writeString(
                file,
                sound.substring(0, at) + fault.get("new")
                        + sound.substring(at + fault.get("old").length()));
        try {
            return outcome(clone, fault.get("test").split(" "));
        } finally {
            Files.writeString(file, sound);
        }
    }

    /** A fault that does not compile says nothing of the tests. */
    private static String outcome(Path clone, String[] test)
            throws IOException, InterruptedException {
        Path log = clone.resolve("fault.log");
        int code = new ProcessBuilder(
                "./mvnw", "-B", "-q", "-pl", test[0], "-am", "test", "-Dtest=" + test[1],
                "-Dsurefire.failIfNoSpecifiedTests=false", "-Debbtide.javadoc.skip=true")
                .directory(clone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String text = Files.readString(log);
        if (text.contains("COMPILATION ERROR")) {
            return "no compile";
        }
        boolean failedTests = text.contains("There are test failures")
                || text.contains("Tests run:") && text.contains("FAILURE");
        return code == 0 ? "NOT CAUGHT" : failedTests ? "caught" : "see fault.log";
    }
}
