package ebbtide.bench.validate;

import java.util.Locale;

/** How a check ended. */
public enum Verdict {
    /** Within its limit. */
    PASSED,
    /** Beyond its limit. */
    FAILED,
    /** The bound is too wide to say anything: no pass. */
    OUT_OF_REACH,
    /** Not run here; the remark says why. */
    NOT_RUN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
