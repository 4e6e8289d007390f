package ebbtide.bench.data;

/** What training minimises. */
public enum Objective {
    /** Softmax cross-entropy of classes, in nats. */
    CROSS_ENTROPY,
    /** Squared error of values. */
    SQUARED_ERROR
}
