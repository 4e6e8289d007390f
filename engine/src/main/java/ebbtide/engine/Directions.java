package ebbtide.engine;

/** In which directions a layer reads a sequence, and how it joins what they give. */
public enum Directions {
    /** First step to last. */
    FORWARD(1, 1),
    /** Both, side by side: y_t = [h_t forward, h_t reverse], 2·H features (PyTorch's bidirectional). */
    CONCATENATED(2, 2),
    /** Both, added: y_t = h_t forward + h_t reverse. */
    SUMMED(2, 1);

    private final int count;
    private final int parts;

    Directions(int count, int parts) {
        this.count = count;
        this.parts = parts;
    }

    /** Returns the number of directions. */
    public int count() {
        return count;
    }

    /** Returns the features of an output for layers of {@code features} states. */
    int outputs(int features) {
        return Math.multiplyExact(parts, features);
    }
}
