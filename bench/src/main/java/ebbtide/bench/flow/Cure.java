package ebbtide.bench.flow;

import java.util.List;

/**
 * A cure that is a command line of {@code ebbtide train}.
 *
 * @param name as tables and charts show it
 * @param arguments besides those that all have in common
 * @param start what it does to the gradient before training
 */
record Cure(String name, String arguments, Start start) {
    /** What a cure does to the gradient before training. */
    enum Start {
        /** It starts as a network without cure does. */
        AS_NONE,
        /** More of the gradient comes back than without. */
        MORE,
        /** It depends on what the gates have learned. */
        LEARNED
    }

    static final String NONE = "none";
    static final String CLIPPING = "clipping";

    static final List<Cure> ALL = List.of(
            new Cure(NONE, "--cell tanh --clip 0", Start.AS_NONE),
            new Cure(CLIPPING, "--cell tanh --clip 1", Start.AS_NONE),
            new Cure("clipping + Omega", "--cell tanh --clip 1 --flow-weight 1", Start.AS_NONE),
            new Cure("orthogonal start", "--cell tanh --clip 1 --init orthogonal", Start.MORE),
            new Cure("orthogonal (Cayley)", "--cell tanh --clip 1 --orthogonal", Start.MORE),
            new Cure("IRNN", "--cell relu --clip 1 --init identity", Start.MORE),
            new Cure("leaky", "--cell leaky --clip 1 --leak 0.1", Start.MORE),
            new Cure("skip", "--cell skip --clip 1 --skip 10", Start.MORE),
            new Cure("GRU", "--cell gru --clip 1", Start.LEARNED),
            new Cure("LSTM", "--cell lstm --clip 1 --chrono 50", Start.MORE));
}
