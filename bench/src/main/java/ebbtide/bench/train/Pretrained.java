package ebbtide.bench.train;

import ebbtide.bench.BadInput;
import ebbtide.engine.Model;
import ebbtide.engine.io.StateDict;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Weights of a PyTorch module in a safetensors file, as the first values of a training: the one
 * recurrent part of the file, and the one linear layer of the read-out's shape, whatever its name.
 */
public final class Pretrained {
    private Pretrained() {
    }

    /**
     * Puts the weights of {@code file} into {@code model}.
     *
     * @return whether the file had a read-out; if not, the model's stays as it was
     * @throws BadInput if the file does not fit the model
     */
    public static boolean load(Path file, Model model) {
        try {
            StateDict saved = StateDict.read(file);
            load(file, saved, model);
            return readout(file, saved, model);
        } catch (NoSuchFileException e) {
            throw new BadInput(
                    "--init-from: expected a safetensors file, got no file %s; check the path",
                    file);
        } catch (IOException e) {
            throw new BadInput("--init-from: %s", e.getMessage());
        }
    }

    private static void load(Path file, StateDict saved, Model model) throws IOException {
        try {
            saved.load(model.parameters());
        } catch (IOException e) {
            throw new BadInput(
                    "--init-from: %s; the file fits --cell %s --hidden %d --layers %d",
                    e.getMessage(), cell(saved.gates()), saved.hidden(), saved.layers());
        }
    }

    private static String cell(int gates) {
        return gates == 1 ? "tanh (or relu)" : gates == 3 ? "gru" : "lstm";
    }

    private static boolean readout(Path file, StateDict saved, Model model) {
        int outputs = model.readout().outputs();
        List<StoredTensor> fitting = saved.tensors().values().stream()
                .filter(t -> t.name().endsWith(".weight") && !t.name().startsWith("resume."))
                .filter(t -> t.type() == StoredTensor.Type.F32
                        && t.hasShape(outputs, model.readout().inputs()))
                .toList();
        if (fitting.size() > 1) {
            throw new BadInput(
                    "--init-from: %s: expected one linear layer [%d, %d] for the read-out, got %s;"
                            + " leave the others out",
                    file, outputs, model.readout().inputs(), fitting);
        }
        if (fitting.isEmpty()) {
            return false;
        }
        StoredTensor weight = fitting.getFirst();
        String bias = weight.name().replaceAll("weight$", "bias");
        StoredTensor found = saved.tensors().get(bias);
        if (found != null && (found.type() != StoredTensor.Type.F32 || !found.hasShape(outputs))) {
            throw new BadInput(
                    "--init-from: %s: expected %s F32[%d], got %s; mend the file",
                    file, bias, outputs, found);
        }
        model.parameters().write("readout.weight", weight.floats());
        model.parameters()
                .write("readout.bias", found == null ? new float[outputs] : found.floats());
        return true;
    }
}
