package ebbtide.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network of two directions in segments. Each direction of a layer begins at the other one's end, so
 * layers are run one after the other, each direction as a {@link CheckpointedRun}, and the outputs of all
 * layers but the last are kept, with two tensors for ∂L/∂y. Rows are in the caller's order.
 */
final class CheckpointedLayers implements Checkpoints {
    private final Rnn rnn;
    private final int steps;
    private final int batch;
    /** Layer by layer, in each the directions. */
    private final CheckpointedRun[] runs;

    private final Masks[] dropout;
    /** What each layer but the last gives. */
    private final Tensor[] outputs;
    /** In turn: ∂L/∂y of a layer, and of the one below. */
    private final Tensor[] slopes;
    /** The second direction's states, where they are added. */
    private final Tensor second;

    /** What belongs to each direction, of the outputs of each layer, and of the slopes. */
    private final List<Parts<Tensor>> outputParts;
    private final List<Parts<Tensor>> slopeParts;

    private int[] lengths;

    CheckpointedLayers(Planner planner) {
        rnn = planner.rnn;
        steps = planner.steps;
        batch = planner.batch;
        runs = new CheckpointedRun[rnn.layers() * rnn.directions().count()];
        Arrays.setAll(runs, run -> new CheckpointedRun(planner.run(run)));
        dropout = new Masks[rnn.layers() - 1];
        outputs = new Tensor[rnn.layers() - 1];
        for (int layer = 0; layer < outputs.length; layer++) {
            float rate = rnn.regularization().dropout();
            dropout[layer] = rate > 0 ? new Masks(Workspace.DROPOUT + layer, rate) : null;
            outputs[layer] = rows(rnn.outputs());
        }
        slopes = new Tensor[Math.min(2, rnn.layers())];
        Arrays.setAll(slopes, i -> rows(rnn.outputs()));
        second = rnn.directions() == Directions.SUMMED ? rows(rnn.features()) : null;
        outputParts = parts(rnn.layers());
        slopeParts = parts(slopes.length);
    }

    private List<Parts<Tensor>> parts(int count) {
        return Stream.generate(() -> new Parts<>(2, this::part)).limit(count).toList();
    }

    private Tensor rows(int features) {
        return Tensor.zeros(steps, batch, features);
    }

    @Override
    public long bytes() {
        long bytes = Arrays.stream(runs).mapToLong(CheckpointedRun::bytes).sum();
        long rows = (long) (outputs.length + slopes.length) * rnn.outputs()
                + (second == null ? 0 : rnn.features());
        return bytes + rows * steps * batch * Float.BYTES;
    }

    @Override
    public boolean variableLengths() {
        return runs[0].variableLengths();
    }

    @Override
    public void lengths(int[] lengths) {
        this.lengths = lengths;
        for (CheckpointedRun run : runs) {
            run.lengths(lengths);
        }
    }

    @Override
    public void masks(boolean drawn, long seed) {
        for (CheckpointedRun run : runs) {
            run.masks(drawn, seed);
        }
        for (Masks masks : dropout) {
            if (masks != null && drawn) {
                masks.draw(seed);
            } else if (masks != null) {
                masks.clear();
            }
        }
    }

    @Override
    public long forward(
            Tensor x, Tokens tokens, Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        long version = 0;
        for (int layer = 0; layer < rnn.layers(); layer++) {
            Tensor to = layer < outputs.length ? outputs[layer] : y;
            Tensor from = layer == 0 ? x : outputs[layer - 1];
            for (int direction = 0; direction < 2; direction++) {
                int run = 2 * layer + direction;
                version =
                        runs[run].forward(
                                from, layer == 0 ? tokens : null, state(h0, run), state(c0, run),
                                output(layer, to, direction), state(hn, run), state(cn, run));
            }
            if (to != null) {
                join(layer, to, from);
            }
        }
        return version;
    }

    /** Where a direction writes its states: beside the other's, or to be added to them. */
    private Tensor output(int layer, Tensor y, int direction) {
        return y != null && second != null && direction > 0
                ? second
                : outputParts.get(layer).of(y, direction);
    }

    /** What of y, or of ∂L/∂y, belongs to a direction. */
    private Tensor part(Tensor y, int direction) {
        if (second != null) {
            return y;
        }
        int features = rnn.features();
        int offset = y.offset() + direction * features;
        return new Tensor(
                y.data(), offset, steps, batch, features, y.stepStride(), y.rowStride());
    }

    /** The states of one run among those of all. */
    private Tensor state(Tensor states, int run) {
        if (states == null) {
            return null;
        }
        int ages = states.steps() / runs.length;
        return new Tensor(
                states.data(),
                states.index(run * ages, 0),
                ages,
                batch,
                states.features(),
                states.stepStride(),
                states.rowStride());
    }

    private void join(int layer, Tensor y, Tensor from) {
        if (second != null) {
            add(y, second);
        }
        if (rnn.residual() && layer > 0) {
            add(y, from);
        }
        drop(layer, y);
    }

    /** to += from, but for what is past an end. */
    private void add(Tensor to, Tensor from) {
        for (int t = 0; t < steps; t++) {
            for (int row = 0; row < batch; row++) {
                if (!active(t, row)) {
                    continue;
                }
                int at = to.index(t, row);
                int place = from.index(t, row);
                for (int i = 0; i < to.features(); i++) {
                    to.data()[at + i] += from.data()[place + i];
                }
            }
        }
    }

    private boolean active(int t, int row) {
        return lengths == null || t < lengths[row];
    }

    private void drop(int layer, Tensor y) {
        if (layer == dropout.length || dropout[layer] == null || !dropout[layer].drawn()) {
            return;
        }
        float scale = 1 / (1 - rnn.regularization().dropout());
        for (int t = 0; t < steps; t++) {
            for (int row = 0; row < batch; row++) {
                if (active(t, row)) {
                    long random = dropout[layer].row(t, row);
                    dropout[layer].drop(y.data(), y.index(t, row), y.features(), random, scale);
                }
            }
        }
    }

    @Override
    public void backward(
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients) {
        int top = rnn.layers() - 1;
        copy(dy, slopes[top % 2]);
        for (int layer = top; layer >= 0; layer--) {
            Tensor slope = slopes[layer % 2];
            Tensor below = layer == 0 ? dx : slopes[(layer + 1) % 2];
            drop(layer, slope);
            for (int direction = 0; direction < 2; direction++) {
                int run = 2 * layer + direction;
                runs[run].backward(
                        slopeParts.get(layer % 2).of(slope, direction), state(dhn, run),
                        state(dcn, run), below,
                        state(dh0, run), state(dc0, run), gradients);
            }
            if (rnn.residual() && layer > 0) {
                add(below, slope);
            }
        }
    }

    private void copy(Tensor from, Tensor to) {
        if (from == null) {
            Arrays.fill(to.data(), 0f);
            return;
        }
        for (int t = 0; t < steps; t++) {
            for (int row = 0; row < batch; row++) {
                System.arraycopy(
                        from.data(), from.index(t, row), to.data(), to.index(t, row),
                        to.features());
            }
        }
    }
}
