package ebbtide.engine.io;

import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Parameters as a safetensors file under PyTorch's names, together with whatever else belongs to a
 * model or a training: texts as metadata, further tensors under names of their own (the state of an
 * optimiser as {@link #tensors} of a prefix, the state of a random generator as longs).
 */
public final class WeightFile {
    private WeightFile() {}

    /**
     * Saves parameters; the file is written whole or not at all.
     *
     * @param extras further tensors, of names that are no parameter's
     * @throws IllegalArgumentException if names clash
     * @throws IOException if writing fails; the old file, if any, is as it was
     */
    public static void save(
            Path file,
            Parameters parameters,
            Map<String, String> metadata,
            Collection<StoredTensor> extras)
            throws IOException {
        List<StoredTensor> all = new ArrayList<>();
        for (Layout.Slot slot : parameters.layout().slots()) {
            all.add(tensor("", slot, parameters.read(slot.name())));
        }
        all.addAll(extras);
        Safetensors.write(file, metadata, all);
    }

    /**
     * Loads parameters from a file that holds nothing else; see {@link #load(Path, Parameters,
     * Predicate)}.
     */
    public static Safetensors.Contents load(Path file, Parameters parameters) throws IOException {
        return load(file, parameters, name -> false);
    }

    /**
     * Loads parameters: all, or, if anything is wrong, none.
     *
     * @param extra says of a name that is no parameter's whether it may be there
     * @return everything in the file
     * @throws InvalidFileException if the file is unsound, lacks a parameter, has one of another
     *     shape or type than float32, or a tensor that is neither parameter nor extra
     * @throws IOException if the file cannot be read
     * @throws IllegalStateException while a plan runs on the parameters
     */
    public static Safetensors.Contents load(
            Path file, Parameters parameters, Predicate<String> extra) throws IOException {
        Safetensors.Contents contents = Safetensors.read(file);
        Layout layout = parameters.layout();
        for (String name : contents.tensors().keySet()) {
            if (!layout.has(name) && !extra.test(name)) {
                throw new InvalidFileException(
                        file,
                        "unexpected tensor %s; the model has %s"
                                .formatted(
                                        name,
                                        layout.slots().stream().map(Layout.Slot::name).toList()));
            }
        }
        float[] loaded = flat(file, contents, "", layout);
        parameters.edit(flat -> System.arraycopy(loaded, 0, flat, 0, flat.length));
        return contents;
    }

    /**
     * Returns a flat array of a layout (parameters, a state of an optimiser) as tensors without
     * padding.
     *
     * @param prefix goes before each name, for example {@code optimizer.mean.}
     */
    public static List<StoredTensor> tensors(String prefix, Layout layout, float[] flat) {
        return layout.slots().stream()
                .map(slot -> tensor(prefix, slot, layout.read(flat, slot.name())))
                .toList();
    }

    /**
     * Returns a new flat array of a layout from the tensors of a file: the inverse of {@link
     * #tensors}.
     *
     * @param file for messages
     * @throws InvalidFileException if a tensor is missing or of another shape or type
     */
    public static float[] flat(
            Path file, Safetensors.Contents contents, String prefix, Layout layout)
            throws InvalidFileException {
        float[] flat = new float[layout.size()];
        for (Layout.Slot slot : layout.slots()) {
            String name = prefix + slot.name();
            StoredTensor found = contents.tensors().get(name);
            if (found == null
                    || found.type() != StoredTensor.Type.F32
                    || !found.hasShape(slot.shape())) {
                throw new InvalidFileException(
                        file,
                        "expected %s, got %s"
                                .formatted(
                                        tensor(prefix, slot, new float[slot.elements()]),
                                        found == null ? "no tensor of that name" : found));
            }
            layout.write(flat, slot.name(), found.floats());
        }
        return flat;
    }

    static StoredTensor tensor(String prefix, Layout.Slot slot, float[] dense) {
        return slot.rank() == 1
                ? StoredTensor.floats(prefix + slot.name(), dense, slot.columns())
                : StoredTensor.floats(prefix + slot.name(), dense, slot.rows(), slot.columns());
    }
}
