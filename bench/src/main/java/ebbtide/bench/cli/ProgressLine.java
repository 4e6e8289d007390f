package ebbtide.bench.cli;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * A progress bar on a terminal: share done, step, loss, speed, time left. Anywhere else it is silent;
 * notes appear in both cases. One thread reports, the bar's own draws.
 */
public final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 96;
    private static final int CELLS = 24;
    private static final int PARTS = 1000;
    private static final int MILLIS = 250;

    private final PrintStream err;
    private final ProgressBar bar;
    private volatile String text = "";

    /** Starts a bar where {@code terminal} says that there is one to draw on. */
    public ProgressLine(PrintStream err, boolean terminal) {
        this.err = err;
        this.bar = terminal
                ? new ProgressBarBuilder()
                        .setTaskName("training")
                        .setInitialMax(PARTS)
                        .setUpdateIntervalMillis(MILLIS)
                        .setRenderer(this::render)
                        .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                        .build()
                : null;
    }

    /** Returns whether reports are drawn at all; if not, there is no need to make them. */
    public boolean drawn() {
        return bar != null;
    }

    /**
     * Reports progress.
     *
     * @param share of the work that is done, 0 to 1
     * @param secondsLeft as estimated
     */
    public void report(
            double share, long step, double loss, double rate, String unit, double secondsLeft) {
        if (bar == null) {
            return;
        }
        long left = Math.round(secondsLeft);
        report(share, String.format(
                Locale.ROOT, "step %,d  loss %.4f  %,.0f %s/s  %d:%02d left",
                step, loss, rate, unit, left / 60, left % 60));
    }

    /** Reports the share of the work that is done, 0 to 1, and what is going on. */
    public void report(double share, String doing) {
        if (bar != null) {
            text = doing;
            bar.stepTo(Math.round(share * PARTS));
        }
    }

    /** Prints a line above the bar. */
    public void note(String format, Object... arguments) {
        String line = String.format(Locale.ROOT, format, arguments);
        err.println(
                bar == null ? line : "\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())));
    }

    private String render(ProgressState state, int width) {
        double share = (double) state.getCurrent() / PARTS;
        int full = (int) Math.round(share * CELLS);
        String line = String.format(
                Locale.ROOT, "%3.0f %% %s%s  %s", 100 * share, "█".repeat(full),
                "░".repeat(CELLS - full), text);
        return line.length() > width ? line.substring(0, width) : line;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
