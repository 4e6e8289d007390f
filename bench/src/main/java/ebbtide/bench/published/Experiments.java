package ebbtide.bench.published;

import ebbtide.bench.published.Trial.Goal;
import java.util.ArrayList;
import java.util.List;

/** The published results that the command repeats. */
public final class Experiments {
    // Settings were tried on seeds 1 to 5; figures come from seeds that no choice has seen.
    private static final List<Integer> THREE = List.of(11, 12, 13);
    private static final List<Integer> FIVE = List.of(11, 12, 13, 14, 15);

    /** All of them. */
    public static final List<Experiment> ALL =
            List.of(adding(), temporalOrder(), copy(), latch());

    private Experiments() {
    }

    private static Experiment adding() {
        String task = "--task adding --length 100 --cell lstm ";
        return new Experiment(
                "adding", "Adding problem",
                "S. Hochreiter, J. Schmidhuber, Neural Computation 9(8), 1997, section 5.4, table 7,"
                        + " T = 100: solved after 74,000 sequences, 1 of 2,560 test sequences wrong.",
                "the cell differs: today's LSTM has a forget gate, a gate of its own for every cell and"
                        + " the whole gradient; the paper's had two blocks of two cells that share gates,"
                        + " no forget gate and a gradient cut at the gates. The criterion is the paper's."
                        + " The quick form has more cells, batches, Adam and chrono biases; the paper form"
                        + " has the paper's 4 cells, one sequence an update, rate 0.5 and weights in ±0.1,"
                        + " and a forget bias of 5 in place of the missing gate.",
                List.of(new Trial(
                        "LSTM, 64 cells",
                        task + "--hidden 64 --batch 20 --lr 1e-2 --clip 1 --chrono 100 --steps 5000"
                                + " --validate-every 500",
                        THREE, Goal.SOLVED)),
                List.of(new Trial(
                        "LSTM, 4 cells",
                        task + "--hidden 4 --batch 1 --optimizer sgd --lr 0.5 --clip 0"
                                + " --init uniform=0.1 --forget-bias 5 --steps 1000000"
                                + " --validate-every 20000",
                        FIVE, Goal.SOLVED)));
    }

    private static Experiment temporalOrder() {
        String task =
                "--task temporal-order --length 50 --cell tanh --hidden 50 --batch 20 --clip 1"
                        + " --flow-weight 1 ";
        return new Experiment(
                "temporal-order", "Temporal order",
                "R. Pascanu, T. Mikolov, Y. Bengio, ICML 2013, section 4.1, T = 50: plain tanh units with"
                        + " clipping and the regulariser Ω succeed (under 1 % of 10,000 sequences wrong)"
                        + " in every run; plain gradient descent does not.",
                "50 units, batches of 20, threshold 1, Ω with weight 1. The quick form starts from orthogonal"
                        + " recurrent weights and learns with Adam; the paper form starts from the"
                        + " spectral radius 0.95 and learns by plain gradient descent, rate 0.01.",
                List.of(new Trial(
                        "clipping and Ω",
                        task + "--init orthogonal --lr 1e-3 --steps 15000 --validate-every 1000",
                        THREE, Goal.SOLVED)),
                List.of(new Trial(
                        "clipping and Ω",
                        task + "--init radius=0.95 --optimizer sgd --lr 0.01 --steps 5000000"
                                + " --validate-every 2000",
                        FIVE, Goal.SOLVED)));
    }

    private static Experiment copy() {
        return new Experiment(
                "copy", "Copying memory",
                "M. Arjovsky, A. Shah, Y. Bengio, ICML 2016, section 5.1: LSTM stays at the baseline"
                        + " 10·ln 8/(T + 20) of a network without memory. C. Tallec, Y. Ollivier, ICLR"
                        + " 2018, section 3: an LSTM with chrono biases falls far below it.",
                "a linear network with an orthogonal start stands beside the LSTM, in place of the"
                        + " unitary one; the quick form has shorter sequences, fewer units and Adam.",
                List.of(
                        new Trial(
                                "linear, orthogonal start, T = 50",
                                "--task copy --length 50 --cell identity --hidden 128 --batch 20"
                                        + " --init orthogonal --lr 1e-3 --clip 1 --steps 2500"
                                        + " --validate-every 500",
                                THREE, Goal.SOLVED),
                        new Trial(
                                "LSTM, chrono, T = 20",
                                "--task copy --length 20 --cell lstm --hidden 64 --batch 20"
                                        + " --lr 5e-3 --clip 1 --chrono 30 --steps 2500"
                                        + " --validate-every 500",
                                THREE, Goal.BELOW_BASELINE)),
                List.of(
                        new Trial(
                                "LSTM, T = 500",
                                "--task copy --length 500 --cell lstm --hidden 128 --batch 50"
                                        + " --optimizer rmsprop --lr 1e-3 --clip 1 --steps 30000",
                                List.of(1), Goal.NONE),
                        new Trial(
                                "LSTM, chrono, T = 500",
                                "--task copy --length 500 --cell lstm --hidden 128 --batch 50"
                                        + " --optimizer rmsprop --lr 1e-3 --clip 1 --chrono 750"
                                        + " --steps 30000",
                                List.of(1), Goal.BELOW_BASELINE)));
    }

    private static Experiment latch() {
        List<Trial> quick = new ArrayList<>();
        List<Trial> paper = new ArrayList<>();
        for (String cell : List.of("tanh", "gru", "lstm")) {
            for (int length : List.of(10, 20, 50, 100)) {
                String label = "%s, T = %d".formatted(cell, length);
                String task = "--task latch --length %d --cell %s --hidden 16 "
                        .formatted(length, cell);
                boolean lstm = cell.equals("lstm");
                quick.add(new Trial(
                        label,
                        task + "--batch 16 --lr 1e-2 --clip 1 --steps 1500 --validate-every 250"
                                + (lstm ? " --chrono " + length : ""),
                        FIVE, lstm ? Goal.SOLVED : Goal.NONE));
                paper.add(new Trial(
                        label,
                        task + "--batch 1 --optimizer sgd --lr 0.05 --clip 0 --steps 200000"
                                + " --validate-every 5000" + (lstm ? " --chrono " + length : ""),
                        FIVE, lstm ? Goal.SOLVED : Goal.NONE));
            }
        }
        return new Experiment(
                "latch", "Latching",
                "Y. Bengio, P. Simard, P. Frasconi, IEEE Transactions on Neural Networks 5(2), 1994,"
                        + " section IV: with plain units gradient descent succeeds less often the longer"
                        + " one bit is to be kept.",
                "16 units instead of one, a trained input weight instead of trained inputs; gated cells"
                        + " beside the plain ones, the LSTM with chrono biases. The quick form has"
                        + " batches and Adam; the paper form one sequence an update and plain gradient"
                        + " descent.",
                List.copyOf(quick), List.copyOf(paper));
    }
}
