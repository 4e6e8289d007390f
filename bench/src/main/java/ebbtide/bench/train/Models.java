package ebbtide.bench.train;

import ebbtide.bench.BadInput;
import ebbtide.engine.Model;
import ebbtide.engine.Rnn;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.List;
import java.util.Locale;

/** Kernels and models as the command line names them. */
public final class Models {
    /** The names of kernels. */
    public static final List<String> KERNELS =
            List.of("auto", "scalar", "vector", "128", "256", "512");

    private Models() {
    }

    /**
     * Checks the name of kernels, without choosing them.
     *
     * @throws BadInput if there are none of that name
     */
    public static void requireKernels(String name) {
        if (!KERNELS.contains(name)) {
            throw new BadInput(
                    "--kernels: expected one of %s, got %s; choose one",
                    String.join(", ", KERNELS), name);
        }
    }

    /**
     * Returns the kernels of this name. The choice is made once in a JVM.
     *
     * @throws BadInput if other kernels were chosen before, or the JVM has no such
     */
    public static Kernels kernels(String name) {
        requireKernels(name);
        if (!List.of("auto", "vector").contains(name)) {
            System.setProperty(KernelSelection.PROPERTY, name);
        }
        KernelSelection selection = KernelSelection.selected();
        String chosen = selection.kernels().name();
        if (!name.equals("auto") && !chosen.contains(name)) {
            throw new BadInput(
                    "--kernels: expected %s, got %s (%s); start anew with other options",
                    name, chosen, selection.reason());
        }
        return selection.kernels();
    }

    /** Returns why these kernels were chosen. */
    public static String kernelsReason() {
        return KernelSelection.selected().reason();
    }

    /** Returns a model whose parameters have their first values. */
    public static Model create(
            Recipe recipe, int inputs, int outputs, boolean tokens, Kernels kernels) {
        Rnn.Builder network = cell(recipe.cell(), inputs, recipe.hidden())
                .layers(recipe.layers())
                .tokens(tokens)
                .kernels(kernels);
        Model model = Model.build(network, outputs, recipe.seed());
        Initialisation.apply(model.parameters(), recipe.init(), recipe.seed());
        return model;
    }

    private static Rnn.Builder cell(String name, int inputs, int hidden) {
        return switch (name) {
            case "lstm" -> Rnn.lstm(inputs, hidden);
            case "gru" -> Rnn.gru(inputs, hidden);
            default -> Rnn.elman(
                    Activation.valueOf(name.toUpperCase(Locale.ROOT)), inputs, hidden);
        };
    }
}
