package ebbtide.engine;

import ebbtide.kernels.Kernels;
import ebbtide.kernels.Panels;
import java.util.stream.IntStream;

/**
 * The packed weights of one layer: W and the recurrent matrices for the forward pass, all again for the
 * backward pass, and the biases. Packed once per update of the parameters and used at every time step.
 *
 * <p>W is packed gate by gate, so that a projection's row holds one segment for each gate; a recurrent
 * matrix is packed with the gates of 16 units side by side, so that they meet in one tile of sums.
 */
final class LayerWeights {
    /** Half of a 2 MiB L2 cache. */
    private static final int HOT = 1 << 18;

    final Cell cell;
    final Kernels kernels;
    /** The end of the parameters' names: layer and direction. */
    final String suffix;

    final int inputs;
    final int hidden;
    /** Floats of a state. */
    final int features;

    /** H rounded up to 16: a segment of a row of gates. */
    final int padded;

    final boolean tokens;
    final Layout.Slot w;
    final Layout.Slot[] u;
    final Layout.Slot biasInput;
    final Layout.Slot biasHidden;
    /** Wᵀ in panels; for tokens null, and {@link #table} has the rows of Wᵀ. */
    final Packed input;

    final float[] table;
    final Packed[] inputBack;
    private final int[] delays;
    private final int[][] stages;
    /** For each recurrence Uᵀ of the gates of each stage, and U for each gate. */
    final Packed[][] recurrent;

    final Packed[][] recurrentBack;
    /** b_ih + b_hh, b_ih where the cell wants b_hh apart, zeros where it wants both. */
    final float[] bias;

    final float[] hiddenBias;
    /** Parameters of the cell alone, and what it makes of them. */
    final Layout.Slot[] extraSlots;

    final float[] extras;
    /** The projection of H units to fewer states, or nulls. */
    final Layout.Slot projectionSlot;

    final Packed projection;
    final Packed projectionBack;
    /** The parameters themselves, for a library; their weights are row-major. */
    float[] flat;

    LayerWeights(
            Cell cell, Kernels kernels, Layout layout, String suffix, int hidden, boolean tokens) {
        this.cell = cell;
        this.kernels = kernels;
        this.suffix = suffix;
        this.hidden = hidden;
        this.tokens = tokens;
        int gates = cell.gates();
        int blocks = Panels.count(hidden);
        delays = cell.delays().stream().mapToInt(Integer::intValue).toArray();
        int terms = delays.length;
        padded = Panels.padded(hidden);
        w = layout.slot("weight_ih" + suffix);
        inputs = w.columns();
        features = cell.features(hidden);
        biasInput = layout.slot("bias_ih" + suffix);
        biasHidden = layout.slot("bias_hh" + suffix);
        input = tokens ? null : new Packed(inputs, gates * blocks);
        table = tokens ? new float[Shapes.size(inputs, gates, padded)] : null;
        inputBack = tokens ? null : packs(gates, hidden, Panels.count(inputs));
        u = new Layout.Slot[terms];
        stages = cell.stages();
        recurrent = new Packed[terms][stages.length];
        recurrentBack = new Packed[terms][];
        for (int i = 0; i < terms; i++) {
            u[i] = layout.slot(recurrentName(i, suffix));
            for (int stage = 0; stage < stages.length; stage++) {
                recurrent[i][stage] = new Packed(features, stages[stage].length * blocks);
            }
            recurrentBack[i] = packs(gates, hidden, Panels.count(features));
        }
        bias = new float[gates * padded];
        hiddenBias = new float[gates * padded];
        extras = new float[cell.extraSegments() * padded];
        extraSlots =
                cell.extras().stream()
                        .map(extra -> layout.slot(extra.name() + suffix))
                        .toArray(Layout.Slot[]::new);
        boolean projects = features < hidden;
        projectionSlot = projects ? layout.slot("weight_hr" + suffix) : null;
        projection = projects ? new Packed(hidden, Panels.count(features)) : null;
        projectionBack = projects ? new Packed(features, blocks) : null;
    }

    /** Whether the weights that products read, U, and W but for tokens, leave room for a block of steps in L2. */
    boolean hot() {
        long columns = (long) u.length * features + (tokens ? 0 : inputs);
        return columns * cell.gates() * hidden <= HOT;
    }

    private static Packed[] packs(int count, int depth, int panels) {
        Packed[] packs = new Packed[count];
        for (int i = 0; i < count; i++) {
            packs[i] = new Packed(depth, panels);
        }
        return packs;
    }

    static void declare(Cell cell, Layout.Builder layout, String suffix, int inputs, int hidden) {
        int rows = Math.multiplyExact(cell.gates(), hidden);
        layout.matrix("weight_ih" + suffix, rows, inputs);
        for (int i = 0; i < cell.delays().size(); i++) {
            layout.matrix(recurrentName(i, suffix), rows, cell.features(hidden));
        }
        layout.vector("bias_ih" + suffix, rows).vector("bias_hh" + suffix, rows);
        for (Extra extra : cell.extras()) {
            layout.vector(extra.name() + suffix, Math.multiplyExact(extra.gates(), hidden));
        }
        if (cell.features(hidden) < hidden) {
            layout.matrix("weight_hr" + suffix, cell.features(hidden), hidden);
        }
    }

    /** weight_hh_l0, then weight_skip_l0, weight_skip2_l0 and so on. */
    static String recurrentName(int recurrence, String suffix) {
        return switch (recurrence) {
            case 0 -> "weight_hh" + suffix;
            case 1 -> "weight_skip" + suffix;
            default -> "weight_skip" + recurrence + suffix;
        };
    }

    /** Forward: U times the states before, for the gates of the first stage. */
    Stage fromBefore(LayerState state, CellStep step) {
        Term[] terms = new Term[u.length];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = byLibrary(Term.of(recurrent[i][0]), state, i, ProductKind.STEP);
        }
        return new Stage(
                terms, state.recurrentInput, delays, Panels.count(hidden), stages[0].length, step);
    }

    /** Backward: Σ dz_{t+d}·U, for the gates of the first stage. */
    Stage fromLater(LayerState state, CellStep step) {
        Term[] terms = new Term[u.length];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = byLibrary(back(i, 0), state, i, ProductKind.STEP_BACK);
        }
        return new Stage(terms, state.gradients, delays, Panels.count(features), 1, step);
    }

    private Term byLibrary(Term term, LayerState state, int recurrence, ProductKind kind) {
        return kernels.library() == null
                ? term
                : term.with(new LibraryFactor(this, state, recurrence, kind));
    }

    /** dz·U for the gates of one stage. */
    Term back(int recurrence, int stage) {
        int[] gates = stages[stage];
        Packed[] factors = new Packed[gates.length];
        int[] segments = new int[gates.length];
        for (int i = 0; i < gates.length; i++) {
            factors[i] = recurrentBack[recurrence][gates[i]];
            segments[i] = cell.stateSegments()[gates[i]] * padded;
        }
        return new Term(factors, segments);
    }

    /** dz·W for all gates. */
    Term inputBack() {
        return new Term(
                inputBack, IntStream.of(cell.inputSegments()).map(s -> s * padded).toArray());
    }

    int delay(int recurrence) {
        return delays[recurrence];
    }

    void pack(float[] flat) {
        this.flat = flat;
        int blocks = Panels.count(hidden);
        for (int gate = 0; gate < cell.gates(); gate++) {
            packInput(flat, gate, blocks);
            for (int i = 0; i < u.length; i++) {
                recurrentBack[i][gate].packRows(kernels.packing(), flat, u[i], gate * hidden);
            }
            packBias(flat, gate);
        }
        for (int i = 0; i < u.length; i++) {
            for (int stage = 0; stage < stages.length; stage++) {
                packRecurrent(flat, u[i], recurrent[i][stage], stages[stage], blocks);
            }
        }
        if (projection != null) {
            projection.packTransposed(kernels.packing(), flat, projectionSlot, 0, features, 0);
            projectionBack.packRows(kernels.packing(), flat, projectionSlot, 0);
        }
        cell.pack(this, flat);
    }

    private void packRecurrent(
            float[] flat, Layout.Slot slot, Packed to, int[] gates, int blocks) {
        for (int gate = 0; gate < gates.length; gate++) {
            for (int block = 0; block < blocks; block++) {
                int unit = block * Panels.WIDTH;
                to.packTransposed(
                        kernels.packing(),
                        flat,
                        slot,
                        gates[gate] * hidden + unit,
                        Math.min(Panels.WIDTH, hidden - unit),
                        block * gates.length + gate);
            }
        }
    }

    private void packInput(float[] flat, int gate, int blocks) {
        if (tokens) {
            transpose(flat, gate);
        } else {
            input.packTransposed(kernels.packing(), flat, w, gate * hidden, hidden, gate * blocks);
            inputBack[gate].packRows(kernels.packing(), flat, w, gate * hidden);
        }
    }

    private void packBias(float[] flat, int gate) {
        for (int i = 0; i < hidden; i++) {
            float in = flat[biasInput.offset() + gate * hidden + i];
            float hid = flat[biasHidden.offset() + gate * hidden + i];
            if (!cell.biasesApart()) {
                bias[gate * padded + i] = cell.hiddenBiasApart(gate) ? in : in + hid;
            }
            hiddenBias[gate * padded + i] = hid;
        }
    }

    private void transpose(float[] flat, int gate) {
        int stride = cell.gates() * padded;
        for (int h = 0; h < hidden; h++) {
            int from = w.offset() + (gate * hidden + h) * w.stride();
            int to = gate * padded + h;
            for (int i = 0; i < inputs; i++) {
                table[i * stride + to] = flat[from + i];
            }
        }
    }
}
