package ebbtide.engine;

/**
 * A vector of parameters beyond W, U and the biases.
 *
 * @param name without layer and direction
 * @param gates it has gates·H elements
 */
record Extra(String name, int gates) {
    /** Copies it, gate by gate, to segments of a packed array. */
    void copy(LayerWeights weights, float[] flat, Layout.Slot slot, int segment) {
        for (int gate = 0; gate < gates; gate++) {
            System.arraycopy(
                    flat,
                    slot.offset() + gate * weights.hidden,
                    weights.extras,
                    (segment + gate) * weights.padded,
                    weights.hidden);
        }
    }
}
