package ebbtide.bench.data;

/**
 * Watches the network's answers to training windows and says when a criterion that is defined on them
 * is met. Its memory is part of a checkpoint.
 */
public interface Judge {
    /** Judges nothing. */
    Judge NONE = new Judge() {
        @Override
        public void watch(Window window, Outputs outputs) {
        }

        @Override
        public boolean satisfied() {
            return false;
        }

        @Override
        public float[] memory() {
            return new float[0];
        }
    };

    /** Takes in the answers to one training window. */
    void watch(Window window, Outputs outputs);

    /** Returns whether the criterion is met. */
    boolean satisfied();

    /** Returns the memory itself: reading it saves, writing it restores. */
    float[] memory();
}
