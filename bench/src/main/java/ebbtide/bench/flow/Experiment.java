package ebbtide.bench.flow;

import ebbtide.engine.Workers;

/** One point of {@code GRADIENTS.md}: a prediction, and a measurement that may contradict it. */
public interface Experiment {
    /** Returns the name on the command line. */
    String name();

    /** Returns what is predicted, in one or two sentences. */
    String prediction();

    /**
     * Measures.
     *
     * @param quick a small form, of seconds
     */
    Outcome run(boolean quick, Workers workers, Progress progress);
}
