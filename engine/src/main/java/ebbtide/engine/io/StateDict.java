package ebbtide.engine.io;

import ebbtide.engine.Directions;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.kernels.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of PyTorch's {@code nn.RNN}, {@code nn.LSTM} and {@code nn.GRU}, as {@code
 * safetensors.torch.save_file(module.state_dict(), file)} writes them, alone or as part of a larger
 * module whose names stand before them ({@code rnn.weight_ih_l0}):
 *
 * <pre>
 *   PREFIXweight_ih_lK [G·H, I or H]   PREFIXweight_hh_lK [G·H, H]
 *   PREFIXbias_ih_lK   [G·H]           PREFIXbias_hh_lK   [G·H]
 * </pre>
 *
 * G is 1 for an RNN, 3 for a GRU (gates r, z, n), 4 for an LSTM (i, f, g, o): Ebbtide's own names, order
 * and equations, so values pass as they are. A module made with {@code bias=False} has no biases; they
 * are zero here. Immutable; safe for use by several threads.
 */
public final class StateDict {
    private static final String FIRST = "weight_ih_l0";
    private static final String READOUT = "readout.";

    private final Path file;
    private final String prefix;
    private final Map<String, StoredTensor> tensors;
    private final int gates;
    private final int inputs;
    private final int hidden;
    private final int layers;

    private StateDict(Path file, String prefix, Map<String, StoredTensor> tensors)
            throws InvalidFileException {
        this.file = file;
        this.prefix = prefix;
        this.tensors = tensors;
        long[] w = matrix(FIRST);
        long[] u = matrix("weight_hh_l0");
        gates = (int) (w[0] / Math.max(1, u[1]));
        hidden = (int) u[1];
        inputs = (int) w[1];
        if (w[0] != u[0] || w[0] != (long) gates * hidden
                || gates != 1 && gates != 3 && gates != 4) {
            throw new InvalidFileException(
                    file,
                    "expected the weights of an RNN, GRU or LSTM (1, 3 or 4 times H rows), got %s and %s"
                            .formatted(tensor(FIRST), tensor("weight_hh_l0")));
        }
        int count = 1;
        while (tensors.containsKey(prefix + "weight_ih_l" + count)) {
            count++;
        }
        layers = count;
    }

    /**
     * Reads a file that holds one recurrent module, and finds its prefix: none, if there are names
     * without one.
     *
     * @throws InvalidFileException if the file is unsound, or holds none or several
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path file) throws IOException {
        Map<String, StoredTensor> tensors = Safetensors.read(file).tensors();
        if (tensors.containsKey(FIRST)) {
            return new StateDict(file, "", tensors);
        }
        List<String> found = tensors.keySet().stream().filter(n -> n.endsWith(FIRST)).toList();
        if (found.size() != 1) {
            throw new InvalidFileException(
                    file,
                    "expected one tensor named %s, with or without a prefix, got %s"
                            .formatted(FIRST, found.isEmpty() ? tensors.keySet() : found));
        }
        String name = found.getFirst();
        return new StateDict(file, name.substring(0, name.length() - FIRST.length()), tensors);
    }

    /**
     * Reads the recurrent module of a given prefix, for example {@code decoder.rnn.}.
     *
     * @throws InvalidFileException if the file is unsound, or has no such module
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path file, String prefix) throws IOException {
        return new StateDict(file, prefix, Safetensors.read(file).tensors());
    }

    /**
     * Saves parameters under PyTorch's names, so that {@code module.load_state_dict(load_file(file))}
     * takes all of them; the file is written whole or not at all.
     *
     * @param prefix goes before the names of the recurrent part, such as {@code rnn.}; a read-out keeps
     *     its names {@code readout.weight} and {@code readout.bias}
     * @param metadata texts by key
     * @throws IOException if writing fails; the old file, if any, is as it was
     */
    public static void save(
            Path file, Parameters parameters, String prefix, Map<String, String> metadata)
            throws IOException {
        List<StoredTensor> all = new ArrayList<>();
        for (Layout.Slot slot : parameters.layout().slots()) {
            String before = slot.name().startsWith(READOUT) ? "" : prefix;
            all.add(WeightFile.tensor(before, slot, parameters.read(slot.name())));
        }
        Safetensors.write(file, metadata, all);
    }

    /** Returns G: 1 for an RNN, 3 for a GRU, 4 for an LSTM. */
    public int gates() {
        return gates;
    }

    /** Returns I. */
    public int inputs() {
        return inputs;
    }

    /** Returns H. */
    public int hidden() {
        return hidden;
    }

    /** Returns the number of layers. */
    public int layers() {
        return layers;
    }

    /** Returns what stands before the names, empty for a module of its own. */
    public String prefix() {
        return prefix;
    }

    /** Returns all tensors of the file, those of other modules included. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * Returns a network that computes what the PyTorch module computes.
     *
     * @param activation of a plain RNN, which the file does not tell; GRU and LSTM have their own
     * @throws InvalidFileException as {@link #load}
     */
    public Rnn rnn(Activation activation) throws InvalidFileException {
        RnnBuilder builder =
                switch (gates) {
                    case 1 -> Rnn.elman(activation, inputs, hidden);
                    case 3 -> Rnn.gru(inputs, hidden);
                    default -> Rnn.lstm(inputs, hidden);
                };
        if (tensors.containsKey(prefix + FIRST + "_reverse")) {
            builder.directions(Directions.CONCATENATED);
        }
        Rnn rnn = builder.layers(layers).build(0);
        load(rnn.parameters());
        return rnn;
    }

    /**
     * Replaces the recurrent part of {@code parameters}: all of it, or, if anything is wrong, nothing.
     * A read-out and other modules' tensors are left alone.
     *
     * @throws InvalidFileException if a weight is missing or of another shape or type than float32, or
     *     the module has a weight that {@code parameters} has not (a further layer, a direction)
     * @throws IllegalStateException while a plan runs on the parameters
     */
    public void load(Parameters parameters) throws InvalidFileException {
        Layout layout = parameters.layout();
        for (String name : tensors.keySet()) {
            String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
            if (bare.matches("(weight|bias)_[a-z]+_l\\d+(_reverse)?") && !layout.has(bare)) {
                throw new InvalidFileException(
                        file,
                        "expected a module with %s alone, got also %s"
                                .formatted(recurrent(layout), tensors.get(name)));
            }
        }
        Map<String, float[]> loaded = new LinkedHashMap<>();
        for (String name : recurrent(layout)) {
            loaded.put(name, values(layout.slot(name)));
        }
        parameters.edit(flat -> loaded.forEach((name, v) -> layout.write(flat, name, v)));
    }

    private static List<String> recurrent(Layout layout) {
        return layout.slots().stream()
                .map(Layout.Slot::name)
                .filter(name -> !name.startsWith(READOUT))
                .toList();
    }

    private float[] values(Layout.Slot slot) throws InvalidFileException {
        StoredTensor found = tensors.get(prefix + slot.name());
        boolean biases = tensors.containsKey(prefix + "bias_ih_l0");
        if (found == null && slot.name().startsWith("bias_") && !biases) {
            return new float[slot.elements()];
        }
        if (found == null
                || found.type() != StoredTensor.Type.F32
                || !found.hasShape(slot.shape())) {
            throw new InvalidFileException(
                    file,
                    "expected %s%s F32%s, got %s"
                            .formatted(
                                    prefix,
                                    slot.name(),
                                    Arrays.toString(slot.shape()),
                                    found == null ? "no tensor of that name" : found));
        }
        return found.floats();
    }

    private long[] matrix(String name) throws InvalidFileException {
        long[] shape = tensor(name).shape();
        if (shape.length != 2 || shape[0] < 1 || shape[1] < 1 || shape[0] > Integer.MAX_VALUE) {
            throw new InvalidFileException(file,
                    "expected a matrix, got %s".formatted(tensor(name)));
        }
        return shape;
    }

    private StoredTensor tensor(String name) throws InvalidFileException {
        StoredTensor found = tensors.get(prefix + name);
        if (found == null) {
            throw new InvalidFileException(
                    file,
                    "expected a tensor named %s%s, got %s"
                            .formatted(prefix, name, tensors.keySet()));
        }
        return found;
    }
}
