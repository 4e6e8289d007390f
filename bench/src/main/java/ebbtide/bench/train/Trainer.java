package ebbtide.bench.train;

import ebbtide.bench.data.Score;
import ebbtide.engine.optim.NonFiniteGradientException;
import java.util.function.BooleanSupplier;

/**
 * Runs a {@link Session} until its steps or its time are over, its task is solved, or someone wishes it
 * to stop; validates and saves on the way.
 */
public final class Trainer {
    private static final long REPORT_NANOS = 200_000_000;

    /** Hears about a training while it runs. */
    public interface Listener {
        /** Hears about progress, a few times a second. */
        void progress(double share, double rate, double secondsLeft);

        /** Hears about a validation, after which the training is saved. */
        void validated(Score score, double rate);
    }

    /** Why a training ended. */
    public enum End {
        /** All steps are done. */
        STEPS,
        /** The time is over. */
        TIME,
        /** The criterion of the task is met. */
        SOLVED,
        /** Somebody wished it to stop. */
        STOPPED,
        /** Losses or gradients are no numbers any more; the last saved state is the last sound one. */
        DIVERGED
    }

    private final Session session;
    private final Listener listener;
    private final BooleanSupplier stop;
    private final double limit;
    private final long start = System.nanoTime();
    private final long startUpdate;
    private long reported = start;
    private long finished;
    private Score validation;

    /**
     * Creates a run.
     *
     * @param limit of time in seconds, infinite for none
     * @param stop asked at every step
     */
    public Trainer(Session session, double limit, BooleanSupplier stop, Listener listener) {
        this.session = session;
        this.limit = limit;
        this.stop = stop;
        this.listener = listener;
        this.startUpdate = session.update();
    }

    /** Trains. */
    public End run() {
        End end;
        try {
            end = steps();
        } catch (NonFiniteGradientException e) {
            end = End.DIVERGED;
        }
        finished = System.nanoTime();
        return end;
    }

    private End steps() {
        while (true) {
            long update = session.update();
            boolean last = update >= session.recipe().steps();
            boolean late = seconds() >= limit;
            boolean solved = session.source().judge().satisfied();
            boolean due = last || late || solved || update % session.recipe().validateEvery() == 0;
            if (due && (update > session.validated() || last && validation == null)) {
                if (!validate()) {
                    return End.STOPPED;
                }
                solved |= session.source().solved(validation) && confirmed();
            }
            if (solved || last || late) {
                return solved ? End.SOLVED : last ? End.STEPS : End.TIME;
            }
            if (stop.getAsBoolean()) {
                return End.STOPPED;
            }
            session.step();
            if (!Double.isFinite(session.loss())) {
                return End.DIVERGED;
            }
            report();
        }
    }

    private boolean validate() {
        Score score = session.validate(stop);
        if (score == null) {
            return false;
        }
        validation = score;
        listener.validated(score, rate());
        return true;
    }

    /** A good validation is a hint; the criterion is about the larger test. */
    private boolean confirmed() {
        Score test = session.test(stop);
        return test != null && session.source().solved(test);
    }

    private void report() {
        long now = System.nanoTime();
        if (now - reported < REPORT_NANOS) {
            return;
        }
        reported = now;
        double seconds = seconds();
        long steps = session.recipe().steps();
        double bySteps = (double) (session.update() - startUpdate) / (steps - startUpdate);
        double share = Math.min(1, Math.max(bySteps, seconds / limit));
        listener.progress(share, rate(), seconds / share - seconds);
    }

    /** Returns the seconds that the run has taken, validations included. */
    public double seconds() {
        return ((finished == 0 ? System.nanoTime() : finished) - start) * 1e-9;
    }

    /** Returns characters or sequences per second, validations included in the time. */
    public double rate() {
        return (session.update() - startUpdate) * session.source().itemsPerUpdate() / seconds();
    }

    /** Returns the last validation, null before the first. */
    public Score validation() {
        return validation;
    }
}
