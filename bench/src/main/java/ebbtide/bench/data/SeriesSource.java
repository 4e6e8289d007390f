package ebbtide.bench.data;

import ebbtide.bench.BadInput;

/**
 * Forecasts: from the inputs of rows r − T + 1 … r, the target of row r + h. The network's last output
 * is the change of the target over those h rows, scaled as learnt on the training part, so that the
 * persistence forecast (the last known value) is one point among what it can say. The first part of the
 * rows trains: windows are drawn at random among those whose forecast lies in it. Every row of the rest
 * is forecast once; inputs may reach back into the training part, which is known by then.
 */
public final class SeriesSource implements Source {
    private static final int TRAIN = 1;

    private final SeriesTable table;
    private final int batch;
    private final int steps;
    private final int horizon;
    private final int split;
    private final int firstValidation;
    private final float[] scaledInputs;
    private final float[] scaledChanges;
    private final Scaling change;
    private final Draws draws;

    /**
     * Splits and scales {@code table}.
     *
     * @param share of the rows that trains
     * @throws BadInput if there are too few rows
     */
    public SeriesSource(
            SeriesTable table, int batch, int steps, int horizon, double share, long seed) {
        this.table = table;
        this.batch = batch;
        this.steps = steps;
        this.horizon = horizon;
        this.draws = new Draws(seed);
        int rows = table.rows();
        split = (int) (rows * share);
        firstValidation = Math.max(split - horizon, steps - 1);
        if (split < steps + horizon || firstValidation + horizon >= rows) {
            throw new BadInput(
                    "%s: expected at least %d rows for --bptt %d --horizon %d, got %d; lower --bptt or --horizon",
                    table.name(), (long) Math.ceil((steps + (double) horizon) / share) + 1, steps,
                    horizon, rows);
        }
        scaledInputs = scaleInputs();
        double[] changes = new double[rows - horizon];
        for (int r = 0; r < changes.length; r++) {
            changes[r] = table.targets()[r + horizon] - table.targets()[r];
        }
        Scaling learnt = Scaling.learn(changes, 0, 1, split - horizon);
        // Not centred: an output of 0 is to be the persistence forecast exactly.
        change = new Scaling(0, learnt.deviation());
        scaledChanges = new float[changes.length];
        for (int r = 0; r < changes.length; r++) {
            scaledChanges[r] = change.scale(changes[r]);
        }
    }

    private float[] scaleInputs() {
        int columns = inputs();
        float[] scaled = new float[table.inputs().length];
        for (int c = 0; c < columns; c++) {
            Scaling scaling = Scaling.learn(table.inputs(), c, columns, split);
            for (int i = c; i < scaled.length; i += columns) {
                scaled[i] = scaling.scale(table.inputs()[i]);
            }
        }
        return scaled;
    }

    @Override
    public String name() {
        return "series";
    }

    @Override
    public boolean tokens() {
        return false;
    }

    @Override
    public int inputs() {
        return table.features().size();
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public Objective objective() {
        return Objective.SQUARED_ERROR;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void train(long update, Window window) {
        draws.start(TRAIN, update);
        prepare(window, batch);
        for (int b = 0; b < batch; b++) {
            fill(window, b, steps - 1 + draws.below(split - horizon - steps + 1));
        }
    }

    @Override
    public int validationWindows() {
        return (forecasts() + batch - 1) / batch;
    }

    private int forecasts() {
        return table.rows() - horizon - firstValidation;
    }

    @Override
    public void validation(int index, Window window) {
        int done = index * batch;
        int count = Math.min(batch, forecasts() - done);
        prepare(window, count);
        for (int b = 0; b < count; b++) {
            fill(window, b, firstValidation + done + b);
        }
    }

    private void prepare(Window window, int count) {
        window.clear();
        window.fresh = true;
        window.samples = count;
    }

    private void fill(Window window, int b, int row) {
        int columns = inputs();
        for (int t = 0; t < steps; t++) {
            System.arraycopy(
                    scaledInputs, (row - steps + 1 + t) * columns, window.x,
                    (t * batch + b) * columns, columns);
        }
        int last = (steps - 1) * batch + b;
        window.values[last] = scaledChanges[row];
        window.mask[last] = 1f;
    }

    @Override
    public Score score() {
        return new SeriesScore(steps, batch, change);
    }

    @Override
    public String fingerprint() {
        return table.fingerprint();
    }
}
