package ebbtide.bench.published;

import java.util.List;

/**
 * One training of an experiment, once for each seed.
 *
 * @param label what sets it apart from the experiment's other trials
 * @param arguments of {@code ebbtide train}, without {@code --seed}
 * @param seeds of the trainings
 * @param goal what more than half of the trainings are to reach
 */
public record Trial(String label, String arguments, List<Integer> seeds, Goal goal) {
    /** What is to be reached. */
    public enum Goal {
        /** The task's own criterion of success. */
        SOLVED,
        /** A test loss below that of the best answer without memory. */
        BELOW_BASELINE,
        /** Nothing: the figure itself is the result. */
        NONE
    }

    /** Returns the arguments one by one, with those of {@code seed}. */
    public String[] arguments(int seed) {
        return (arguments + " --seed " + seed).split(" ");
    }
}
