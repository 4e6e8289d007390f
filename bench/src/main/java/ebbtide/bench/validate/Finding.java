package ebbtide.bench.validate;

/**
 * What a check found of one subject: a row of the table.
 *
 * @param check name of the check
 * @param subject what was looked at
 * @param cases how many were
 * @param worst the largest error, in {@code unit}
 * @param unit of worst and limit
 * @param limit that the worst may reach
 * @param place of the worst one, with its seed where numbers were random
 * @param shape that the worst one had
 * @param remark what else is to be said
 */
public record Finding(
        String check,
        String subject,
        long cases,
        double worst,
        double limit,
        String unit,
        String place,
        String shape,
        Verdict verdict,
        String remark) {

    /** Judges the worst case seen; a NaN fails. */
    public static Finding of(
            String check, String subject, Worst worst, double limit, String unit, String remark) {
        boolean passed = worst.cases() > 0 && worst.error() <= limit;
        return new Finding(
                check, subject, worst.cases(), worst.error(), limit, unit, worst.place(),
                worst.shape(), passed ? Verdict.PASSED : Verdict.FAILED, remark);
    }

    /** A check of yes or no: the number of cases that failed, of which none may. */
    public static Finding ofFailures(String check, String subject, Worst worst, String remark) {
        return of(check, subject, worst, 0, "failures", remark);
    }

    /** Says why a check did not run. */
    public static Finding notRun(String check, String subject, String why) {
        return new Finding(check, subject, 0, 0, 0, "", "", "", Verdict.NOT_RUN, why);
    }

    Finding outOfReach(String why) {
        return new Finding(
                check, subject, cases, worst, limit, unit, place, shape, Verdict.OUT_OF_REACH, why);
    }
}
