package ebbtide.bench.task;

import ebbtide.bench.data.Draws;
import ebbtide.bench.data.Judge;
import ebbtide.bench.data.Objective;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Score;
import ebbtide.bench.data.Source;
import ebbtide.bench.data.Window;
import java.util.Map;

/**
 * Endless training sequences of a task, and fixed sets for validation and test that share none of their
 * draws.
 */
public final class TaskSource implements Source {
    private static final int TRAIN = 1;
    private static final int VALIDATION = 2;
    private static final int TEST = 3;
    private static final int VALIDATION_SEQUENCES = 1000;

    private final Task task;
    private final int batch;
    private final long seed;
    private final Draws draws;
    private final Judge judge;

    /** Creates a source of {@code batch} sequences at a time. */
    public TaskSource(Task task, int batch, long seed) {
        this.task = task;
        this.batch = batch;
        this.seed = seed;
        this.draws = new Draws(seed);
        this.judge = task.judge();
    }

    /** Returns the task. */
    public Task task() {
        return task;
    }

    @Override
    public String name() {
        return task.name();
    }

    @Override
    public boolean tokens() {
        return task.tokens();
    }

    @Override
    public int inputs() {
        return task.inputs();
    }

    @Override
    public int outputs() {
        return task.outputs();
    }

    @Override
    public Objective objective() {
        return task.objective();
    }

    @Override
    public int steps() {
        return task.steps();
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void train(long update, Window window) {
        fill(TRAIN, update, window);
    }

    @Override
    public int validationWindows() {
        return windows(VALIDATION_SEQUENCES);
    }

    @Override
    public void validation(int index, Window window) {
        fill(VALIDATION, index, window);
    }

    @Override
    public int testWindows() {
        return windows(task.testSequences());
    }

    @Override
    public void test(int index, Window window) {
        fill(TEST, index, window);
    }

    /** Whole windows: the sets hold at least as many sequences as asked for. */
    private int windows(int sequences) {
        return (sequences + batch - 1) / batch;
    }

    private void fill(int purpose, long number, Window window) {
        draws.start(purpose, number);
        window.clear();
        window.fresh = true;
        window.samples = batch;
        for (int b = 0; b < batch; b++) {
            task.draw(draws, window, b);
        }
    }

    @Override
    public Score score() {
        return new Answers();
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public boolean solved(Score score) {
        return task.solved(((Answers) score).rightShare());
    }

    @Override
    public String fingerprint() {
        return "%s %d %d".formatted(task.name(), task.steps(), seed);
    }

    /** Counts right answers. */
    private final class Answers extends Score {
        private long right;

        @Override
        public void add(Window window, Outputs outputs, double windowLoss) {
            super.add(window, outputs, windowLoss);
            for (int b = 0; b < window.samples; b++) {
                right += task.right(window, b, outputs);
            }
        }

        double rightShare() {
            return (double) right / (samples() * task.answers());
        }

        @Override
        public void report(Map<String, Object> figures) {
            figures.put("accuracy", rightShare());
            figures.put("right", right);
            figures.put("answers", samples() * task.answers());
            figures.put("baselineLoss", task.baseline());
            figures.put("criterion", task.criterion());
        }
    }
}
