package ebbtide.bench.peers;

import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.StepContestant;
import ebbtide.bench.speed.StepData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peers by name: who they are here, and each of them at a piece of work. */
public final class Peers {
    /** oneDNN. */
    public static final String ONEDNN = "onednn";
    /** OpenBLAS. */
    public static final String OPENBLAS = "openblas";
    /** netlib's VectorBLAS. */
    public static final String VECTORBLAS = "vectorblas";

    /** All names, in the order of the columns. */
    public static final List<String> NAMES = List.of(ONEDNN, OPENBLAS, VECTORBLAS);

    private Peers() {
    }

    /** Returns for each peer its version and what it uses of the processor, or why it is absent. */
    public static Map<String, String> descriptions() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        for (String name : NAMES) {
            try {
                descriptions.put(name, description(name));
            } catch (AbsentPeerException e) {
                descriptions.put(name, "absent: " + e.getMessage());
            }
        }
        return descriptions;
    }

    private static String description(String name) throws AbsentPeerException {
        return switch (name) {
            case ONEDNN -> OneDnn.load().description();
            case OPENBLAS -> OpenBlasPeer.load().description();
            default -> VectorBlasPeer.describe();
        };
    }

    /**
     * Returns a peer at a step.
     *
     * @throws AbsentPeerException if it cannot run, or has no such step
     */
    public static StepContestant step(String name, StepData data, int threads)
            throws AbsentPeerException {
        return switch (name) {
            case ONEDNN -> new OneDnnStep(data, threads);
            case OPENBLAS -> new BlasStep(OpenBlasPeer.load(), data, threads);
            default -> new BlasStep(VectorBlasPeer.load(threads), data, threads);
        };
    }

    /**
     * Returns a peer at a whole training step.
     *
     * @throws AbsentPeerException if it cannot run, or has none
     */
    public static Contestant training(String name, StepData data, int threads)
            throws AbsentPeerException {
        if (!name.equals(ONEDNN)) {
            throw new AbsentPeerException("a training step is written for oneDNN only");
        }
        return new OneDnnTraining(data, threads);
    }

    /**
     * Returns a peer at a product, C [m, n] = A [m, k]·B [k, n].
     *
     * @throws AbsentPeerException if it cannot run, or has none
     */
    public static Contestant product(String name, int m, int n, int k, int threads)
            throws AbsentPeerException {
        return switch (name) {
            case OPENBLAS -> new OpenBlasProduct(OpenBlasPeer.load(), m, n, k, threads);
            case VECTORBLAS -> new VectorBlasProduct(VectorBlasPeer.load(threads), m, n, k);
            default -> throw new AbsentPeerException("oneDNN is here for its RNN primitives");
        };
    }
}
