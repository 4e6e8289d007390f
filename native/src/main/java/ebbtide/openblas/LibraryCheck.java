package ebbtide.openblas;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a loaded OpenBLAS must answer before it may serve. */
final class LibraryCheck {
    /**
     * Counts the checks' editions: a verdict that an older edition remembered is not believed.
     * Raise it whenever a check here, in {@link ProductCheck} or {@link LapackCheck} changes.
     */
    static final int EDITION = 2;

    /**
     * The oldest version accepted, that of Ubuntu 22.04. Before 0.3.10 several callers at once
     * could take the same work buffer (OpenBLAS issues 1755, 2126, 2444).
     */
    static final String OLDEST = "0.3.20";

    private static final Pattern VERSION = Pattern.compile("OpenBLAS (\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final Pattern MAX_THREADS = Pattern.compile("MAX_THREADS=(\\d{1,6})");

    private LibraryCheck() {}

    /** What the library says about itself. */
    record Answers(String version, String core, String threading, int maxThreads, String config) {}

    /**
     * Asks and computes everything.
     *
     * @throws UnusableLibraryException with the first thing that is wrong
     */
    static Answers check(Bindings library) throws UnusableLibraryException {
        String config = text("openblas_get_config", library::config);
        Matcher version = VERSION.matcher(config);
        if (!version.lookingAt()) {
            throw lasting("expected \"OpenBLAS <version>\" from openblas_get_config, got \"%s\"",
                    config);
        }
        String number = version.group().substring("OpenBLAS ".length());
        if (older(version)) {
            throw lasting("expected OpenBLAS %s or newer, got %s", OLDEST, number);
        }
        if (Arrays.asList(config.split("\\s+")).contains("USE64BITINT")) {
            throw ilp64("USE64BITINT");
        }
        String core = text("openblas_get_corename", library::coreName);
        int parallel = library.parallel();
        if (parallel == 2) {
            // Its thread count belongs to the calling thread: a pin in one is none in another.
            throw lasting(
                    "expected a sequential or pthreads build, got an OpenMP one, whose threads"
                            + " cannot be pinned for all callers");
        }
        if (parallel != 0 && parallel != 1) {
            throw lasting("expected a threading model of 0, 1 or 2, got %d", parallel);
        }
        int maxThreads = parallel == 0 ? 1 : maxThreads(config);
        int threads = library.threads();
        if (threads < 1 || threads > maxThreads) {
            throw lasting("expected 1 to %d threads in use, got %d", maxThreads, threads);
        }
        ProductCheck.check(library);
        if (library.lapack.isPresent()) {
            LapackCheck.check(library.lapack.get());
        }
        String model = parallel == 0 ? "sequential" : "pthreads";
        return new Answers(number, core, model, maxThreads, config);
    }

    /** The refusal of a build with 64-bit integers, recognised by {@code sign}. */
    static UnusableLibraryException ilp64(String sign) {
        return lasting("expected an LP64 build (32-bit integers), got an ILP64 one (%s)", sign);
    }

    private static boolean older(Matcher version) {
        int[] oldest = Arrays.stream(OLDEST.split("\\.")).mapToInt(Integer::parseInt).toArray();
        int[] actual = new int[oldest.length];
        for (int i = 0; i < actual.length; i++) {
            String digits = version.group(i + 1);
            actual[i] = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        }
        return Arrays.compare(actual, oldest) < 0;
    }

    private static int maxThreads(String config) throws UnusableLibraryException {
        Matcher found = MAX_THREADS.matcher(config);
        if (!found.find()) {
            throw lasting("expected MAX_THREADS=n from openblas_get_config, got \"%s\"", config);
        }
        return Integer.parseInt(found.group(1));
    }

    private interface Question {
        String ask();
    }

    private static String text(String name, Question question) throws UnusableLibraryException {
        String answer;
        try {
            answer = question.ask().strip();
        } catch (IndexOutOfBoundsException e) {
            throw lasting("expected a text of at most 255 bytes from %s, got a longer one", name);
        }
        if (answer.isEmpty() || !answer.chars().allMatch(c -> c >= ' ' && c < 127)) {
            throw lasting("expected a printable text from %s, got \"%s\"", name, answer);
        }
        return answer;
    }

    private static UnusableLibraryException lasting(String format, Object... values) {
        return UnusableLibraryException.lasting(format.formatted(values));
    }
}
