package ebbtide.bench.validate;

import ebbtide.engine.Workers;

/** Prints the hash of every scenario, as this JVM computes it on one thread. */
final class HashChild {
    private HashChild() {
    }

    /** Arguments: how many runs of each. */
    public static void main(String[] arguments) {
        int runs = Integer.parseInt(arguments[0]);
        for (Scenario scenario : Scenario.all()) {
            for (int run = 0; run < runs; run++) {
                System.out.println(scenario.name() + " " + scenario.hash(Workers.single()));
            }
        }
    }
}
