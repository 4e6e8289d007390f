package ebbtide.bench.train;

import ebbtide.bench.BadInput;
import ebbtide.engine.Model;
import ebbtide.engine.Rnn;
import ebbtide.engine.RnnBuilder;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import ebbtide.kernels.MatrixProducts;
import ebbtide.openblas.LibrarySelection;
import ebbtide.openblas.OpenBlas;
import ebbtide.openblas.UnusableLibraryException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Kernels and models as the command line names them. */
public final class Models {
    /** The name of the kernels that are best here. */
    public static final String AUTO = "auto";

    private static final String OPENBLAS = "openblas";

    /** The names of kernels. */
    public static final List<String> KERNELS =
            List.of(AUTO, "scalar", "vector", "128", "256", "512", OPENBLAS);

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
     * Returns the kernels of this name. The choice is made once in a JVM. Those called openblas are the
     * ones that auto chooses, with OpenBLAS for all merged products.
     *
     * @throws BadInput if other kernels were chosen before, or the JVM has no such
     */
    public static Kernels kernels(String name) {
        requireKernels(name);
        if (name.equals(OPENBLAS)) {
            MatrixProducts library = openBlas().orElseThrow(() -> new BadInput(
                    "--kernels openblas: %s", LibrarySelection.selected().verdict()));
            return KernelSelection.selected().kernels().with(library);
        }
        if (!List.of(AUTO, "vector").contains(name)) {
            System.setProperty(KernelSelection.PROPERTY, name);
        }
        KernelSelection selection = KernelSelection.selected();
        String chosen = selection.kernels().name();
        if (!name.equals(AUTO) && !chosen.contains(name)) {
            throw new BadInput(
                    "--kernels: expected %s, got %s (%s); start anew with other options",
                    name, chosen, selection.reason());
        }
        return selection.kernels();
    }

    /** Returns OpenBLAS, if one was found that is fit for use; it stays open to the end. */
    public static Optional<MatrixProducts> openBlas() {
        return Library.OPEN;
    }

    private static final class Library {
        static final Optional<MatrixProducts> OPEN = open();

        private static Optional<MatrixProducts> open() {
            try {
                return Optional.of(OpenBlas.open());
            } catch (UnusableLibraryException e) {
                // The selection logged why.
                return Optional.empty();
            }
        }
    }

    /** Returns why these kernels were chosen. */
    public static String kernelsReason() {
        return KernelSelection.selected().reason();
    }

    /** Returns a model whose parameters have their first values. */
    public static Model create(
            Recipe recipe, int inputs, int outputs, boolean tokens, Kernels kernels) {
        RnnBuilder network = network(recipe.structure(), inputs).tokens(tokens)
                .kernels(recipe.gradualUnderflow() ? kernels.withGradualUnderflow() : kernels);
        Model model = Model.build(network, outputs, recipe.seed());
        Initialisation.apply(model.parameters(), recipe);
        return model;
    }

    private static RnnBuilder network(Structure structure, int inputs) {
        int hidden = structure.hidden();
        RnnBuilder builder = switch (structure.cell()) {
            case "lstm" -> lstm(structure, inputs);
            case "gru" -> Rnn.gru(inputs, hidden);
            case "gru-reset-first" -> Rnn.gruResetFirst(inputs, hidden);
            default -> plain(structure, inputs);
        };
        return builder.layers(structure.layers())
                .directions(structure.directions())
                .residual(structure.residual())
                .dropout(structure.dropout())
                .recurrentDropout(structure.recurrentDropout())
                .layerNorm(structure.layerNorm())
                .zoneout(structure.zoneout())
                .cellZoneout(structure.cellZoneout());
    }

    private static RnnBuilder lstm(Structure structure, int inputs) {
        RnnBuilder lstm =
                Rnn.lstm(inputs, structure.hidden()).forgetBias(structure.forgetBias());
        lstm = structure.chrono() > 0 ? lstm.chrono(structure.chrono()) : lstm;
        lstm = structure.peepholes() ? lstm.peepholes() : lstm;
        return structure.projection() > 0 ? lstm.projection(structure.projection()) : lstm;
    }

    private static RnnBuilder plain(Structure structure, int inputs) {
        Activation activation = Activation.valueOf(structure.cell().toUpperCase(Locale.ROOT));
        int hidden = structure.hidden();
        if (structure.residualRecurrence()) {
            return Rnn.residual(activation, inputs, hidden);
        }
        if (structure.learnLeak()) {
            return Rnn.learnedLeak(activation, inputs, hidden, structure.leak());
        }
        if (structure.leak() > 0) {
            return Rnn.leaky(activation, inputs, hidden, structure.leak());
        }
        int[] delays = structure.skip().stream().mapToInt(Integer::intValue).toArray();
        return Rnn.elman(activation, inputs, hidden).skip(delays);
    }
}
