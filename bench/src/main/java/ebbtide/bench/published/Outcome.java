package ebbtide.bench.published;

/**
 * How one training of a trial went.
 *
 * @param trial what was trained
 * @param seed of weights and data
 * @param solved whether the task's criterion was met
 * @param sequences that were learned from
 * @param wrong answers in the test
 * @param answers that the test asks for
 * @param loss mean loss in the test
 * @param baseline mean loss of the best answer without memory
 * @param seconds from start to end
 */
public record Outcome(
        Trial trial,
        int seed,
        boolean solved,
        long sequences,
        long wrong,
        long answers,
        double loss,
        double baseline,
        double seconds) {
    /** Returns whether the trial's goal was reached. */
    public boolean good() {
        return switch (trial.goal()) {
            case SOLVED -> solved;
            case BELOW_BASELINE -> loss < baseline;
            case NONE -> true;
        };
    }
}
