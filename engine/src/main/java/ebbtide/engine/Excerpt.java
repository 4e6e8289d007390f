package ebbtide.engine;

/** Parts of a network as networks of their own, with copies of the parameters. */
public final class Excerpt {
    private static final String SUFFIX = "_l0";

    private Excerpt() {}

    /**
     * Returns the lowest layers of a network: its output is what the layer above them reads.
     *
     * @throws IllegalArgumentException unless the network has that many
     */
    public static Rnn bottom(Rnn rnn, int layers) {
        Shapes.positive("layers", layers);
        requireLayer(rnn, layers - 1);
        Rnn part =
                like(rnn, rnn.inputs(), rnn.tokens())
                        .layers(layers)
                        .directions(rnn.directions())
                        .residual(rnn.residual())
                        .build(0);
        for (Layout.Slot slot : part.parameters().layout().slots()) {
            part.parameters().write(slot.name(), rnn.parameters().read(slot.name()));
        }
        return part;
    }

    /**
     * Returns one layer in one direction as a network that reads forward: given what the layer reads,
     * for the direction 1 with the last step first, it has the layer's states.
     *
     * @param direction 0, or 1 for the reverse one
     * @throws IllegalArgumentException if there is no such layer or direction
     */
    public static Rnn recurrence(Rnn rnn, int layer, int direction) {
        requireLayer(rnn, layer);
        int directions = rnn.directions().count();
        if (direction < 0 || direction >= directions) {
            throw new IllegalArgumentException(
                    "direction: expected 0 to %d, got %d".formatted(directions - 1, direction));
        }
        Rnn part =
                layer == 0
                        ? like(rnn, rnn.inputs(), rnn.tokens()).build(0)
                        : like(rnn, rnn.outputs(), false).build(0);
        String suffix = Rnn.suffix(layer * directions + direction, rnn.directions());
        for (Layout.Slot slot : part.parameters().layout().slots()) {
            String kind = slot.name().substring(0, slot.name().length() - SUFFIX.length());
            part.parameters().write(slot.name(), rnn.parameters().read(kind + suffix));
        }
        return part;
    }

    private static RnnBuilder like(Rnn rnn, int inputs, boolean tokens) {
        RnnBuilder builder = new RnnBuilder(rnn.cell(), inputs, rnn.hidden());
        builder.regularization = rnn.regularization();
        return builder.kernels(rnn.kernels()).tokens(tokens);
    }

    private static void requireLayer(Rnn rnn, int layer) {
        if (layer < 0 || layer >= rnn.layers()) {
            throw new IllegalArgumentException(
                    "layer: expected 0 to %d, got %d".formatted(rnn.layers() - 1, layer));
        }
    }
}
