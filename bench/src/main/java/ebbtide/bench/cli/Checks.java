package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import java.util.List;

/** Ranges of option values; null, an option that was not given, passes. */
final class Checks {
    private Checks() {
    }

    static void atLeast(long least, String option, Number value) {
        if (value != null && value.longValue() < least) {
            throw new BadInput("%s: expected at least %d, got %s; raise it", option, least, value);
        }
    }

    static void oneOf(String option, List<String> allowed, String value) {
        if (!allowed.contains(value)) {
            throw new BadInput(
                    "%s: expected one of %s, got %s; choose one",
                    option, String.join(", ", allowed), value);
        }
    }

    static void positive(String option, Double value) {
        if (value != null && !(value > 0 && value <= Float.MAX_VALUE)) {
            throw new BadInput("%s: expected a number above 0, got %s; change it", option, value);
        }
    }

    static void notNegative(String option, Double value) {
        if (value != null && !(value >= 0 && value <= Float.MAX_VALUE)) {
            throw new BadInput("%s: expected a number of at least 0, got %s; change it", option,
                    value);
        }
    }
}
