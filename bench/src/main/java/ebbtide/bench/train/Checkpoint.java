package ebbtide.bench.train;

import ebbtide.bench.BadInput;
import ebbtide.bench.data.Source;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.Safetensors.Contents;
import ebbtide.engine.io.StoredTensor;
import ebbtide.engine.io.WeightFile;
import ebbtide.engine.optim.Optimizer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A training in one safetensors file:
 *
 * <pre>
 *   weight_ih_l0, ...                the best weights so far, under PyTorch's names
 *   resume.weight_ih_l0, ...         the weights after the last update
 *   resume.optimizer.NAME.TENSOR     the optimiser's state
 *   resume.state                     the carried state [layers, batch, hidden], h then c
 *   resume.judge                     what the task's criterion remembers
 *   metadata ebbtide.*               the options of the run, counters, the vocabulary
 * </pre>
 *
 * Data and their order are functions of seed and update, so no generator is saved. Numbers are written
 * so that they read back exactly: a resumed training gives the bits of one that was not stopped.
 */
public final class Checkpoint {
    /** Prefix of all that only a resumed training needs. */
    private static final String RESUME = "resume.";

    private final Path file;
    private final Contents contents;

    private Checkpoint(Path file, Contents contents) {
        this.file = file;
        this.contents = contents;
    }

    /**
     * Saves a training whole, or leaves the file as it was.
     *
     * @param metadata what else describes the run, keys without prefix
     * @throws BadInput if the file cannot be written
     */
    public static void save(Path file, Session session, Map<String, String> metadata) {
        Parameters parameters = session.network().parameters();
        Layout layout = parameters.layout();
        List<StoredTensor> tensors = new ArrayList<>();
        Map<String, float[]> best = session.best().weights();
        for (Layout.Slot slot : layout.slots()) {
            float[] now = parameters.read(slot.name());
            tensors.add(tensor(slot.name(), slot, best.getOrDefault(slot.name(), now)));
            tensors.add(tensor(RESUME + slot.name(), slot, now));
        }
        Optimizer optimizer = session.optimizer();
        for (Optimizer.State state : optimizer.state()) {
            String prefix = RESUME + "optimizer." + state.name() + ".";
            tensors.addAll(WeightFile.tensors(prefix, layout, state.values()));
        }
        tensors.add(vector(RESUME + "state", session.carried().data()));
        float[] judge = session.source().judge().memory();
        if (judge.length > 0) {
            tensors.add(vector(RESUME + "judge", judge));
        }
        Map<String, String> texts = new HashMap<>();
        metadata.forEach((key, value) -> texts.put("ebbtide." + key, value));
        texts.put("ebbtide.update", Long.toString(session.update()));
        texts.put("ebbtide.validated", Long.toString(session.validated()));
        texts.put("ebbtide.loss", Double.toString(session.loss()));
        texts.put("ebbtide.bestLoss", Double.toString(session.best().loss()));
        texts.put("ebbtide.bestFound", Boolean.toString(session.best().found()));
        try {
            Safetensors.write(file, texts, tensors);
        } catch (IOException e) {
            throw new BadInput("%s; choose another --out", e.getMessage());
        }
    }

    private static StoredTensor tensor(String name, Layout.Slot slot, float[] values) {
        return slot.rank() == 1
                ? StoredTensor.floats(name, values, slot.columns())
                : StoredTensor.floats(name, values, slot.rows(), slot.columns());
    }

    private static StoredTensor vector(String name, float[] values) {
        return StoredTensor.floats(name, values, values.length);
    }

    /**
     * Reads a file.
     *
     * @throws BadInput if the file is missing, damaged, or not one of Ebbtide's
     */
    public static Checkpoint read(Path file) {
        try {
            Checkpoint checkpoint = new Checkpoint(file, Safetensors.read(file));
            checkpoint.text("arguments");
            return checkpoint;
        } catch (NoSuchFileException e) {
            throw new BadInput("%s: expected a model, got no file of this name; check the path",
                    file);
        } catch (IOException e) {
            throw new BadInput("%s; name a model that ebbtide train has saved", e.getMessage());
        }
    }

    /**
     * Returns a text of the metadata.
     *
     * @throws BadInput if it is missing
     */
    public String text(String key) {
        String text = contents.metadata().get("ebbtide." + key);
        if (text == null) {
            throw new BadInput(
                    "%s: expected a model of ebbtide train, got a file without ebbtide.%s; train one",
                    file, key);
        }
        return text;
    }

    /** Returns whether the metadata have a text of this key. */
    public boolean has(String key) {
        return contents.metadata().containsKey("ebbtide." + key);
    }

    /** Returns a whole number of the metadata. */
    public long number(String key) {
        try {
            return Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            throw new BadInput(
                    "%s: expected a number as ebbtide.%s, got %s; use an undamaged copy",
                    file, key, text(key));
        }
    }

    private double real(String key) {
        try {
            return Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            throw new BadInput(
                    "%s: expected a number as ebbtide.%s, got %s; use an undamaged copy",
                    file, key, text(key));
        }
    }

    /** Puts the best weights into {@code parameters}. */
    public void restoreBest(Parameters parameters) {
        write(parameters, flat("", parameters.layout()));
    }

    /**
     * Puts a training where the saved one was.
     *
     * @throws BadInput if the file does not fit the training's model
     */
    public void restore(Session session) {
        Parameters parameters = session.network().parameters();
        Layout layout = parameters.layout();
        Optimizer optimizer = session.optimizer();
        List<Optimizer.State> states = optimizer.state().stream()
                .map(s -> new Optimizer.State(
                        s.name(), flat(RESUME + "optimizer." + s.name() + ".", layout)))
                .toList();
        float[] best = flat("", layout);
        float[] now = flat(RESUME, layout);
        optimizer.restore(number("update"), states);
        write(parameters, now);
        if (Boolean.parseBoolean(text("bestFound"))) {
            Map<String, float[]> weights = new HashMap<>();
            layout.slots().forEach(s -> weights.put(s.name(), layout.read(best, s.name())));
            session.best().restore(real("bestLoss"), weights);
        }
        copy("state", session.carried());
        float[] judge = session.source().judge().memory();
        if (judge.length > 0) {
            System.arraycopy(floats("judge", judge.length), 0, judge, 0, judge.length);
        }
        session.restoreCounters(number("update"), number("validated"), real("loss"));
    }

    /**
     * Makes sure that a training goes on with the data it began with.
     *
     * @throws BadInput if they are others
     */
    public void requireData(Source source) {
        if (!source.fingerprint().equals(text("fingerprint"))) {
            throw new BadInput(
                    "%s: expected the data it was trained on, got others (%s has changed); restore them"
                            + " or train anew",
                    file, source.name());
        }
    }

    private void copy(String name, Carried to) {
        float[] saved = floats(name, to.data().length);
        System.arraycopy(saved, 0, to.data(), 0, saved.length);
    }

    private float[] floats(String name, int length) {
        StoredTensor tensor = contents.tensors().get(RESUME + name);
        if (tensor == null || tensor.type() != StoredTensor.Type.F32 || !tensor.hasShape(length)) {
            throw new BadInput(
                    "%s: expected %s%s F32[%d], got %s; resume with the saved model",
                    file, RESUME, name, length, tensor == null ? "no such tensor" : tensor);
        }
        return tensor.floats();
    }

    private float[] flat(String prefix, Layout layout) {
        try {
            return WeightFile.flat(file, contents, prefix, layout);
        } catch (IOException e) {
            throw new BadInput("%s; use an undamaged copy", e.getMessage());
        }
    }

    private static void write(Parameters parameters, float[] values) {
        parameters.edit(flat -> System.arraycopy(values, 0, flat, 0, flat.length));
    }
}
