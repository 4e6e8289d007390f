package ebbtide.bench.validate;

import ebbtide.engine.Workers;
import java.util.Arrays;

/** Prints the hash of every scenario, as this JVM computes it. */
final class HashChild {
    private HashChild() {
    }

    /**
     * Arguments: how many runs of each scenario, and numbers of threads, between which the runs are
     * divided. With several numbers checkpoints are on and off.
     */
    public static void main(String[] arguments) {
        int[] threads =
                Arrays.stream(arguments[1].split(",")).mapToInt(Integer::parseInt).toArray();
        int runs = Math.max(1, Integer.parseInt(arguments[0]) / threads.length);
        for (int count : threads) {
            try (Workers workers = Workers.of(count)) {
                for (int run = 0; run < runs; run++) {
                    Scenario.all().forEach(scenario -> print(scenario, workers, ""));
                    if (threads.length > 1) {
                        Scenario.checkpointed().forEach(
                                scenario -> print(scenario, workers, " checkpointed"));
                    }
                }
            }
        }
    }

    private static void print(Scenario scenario, Workers workers, String mode) {
        System.out.printf(
                "%s %s %d threads%s%n", scenario.name(), scenario.hash(workers),
                workers.threads(), mode);
    }
}
