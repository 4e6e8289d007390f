package ebbtide.bench.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a wish that work is stopped in order. The JVM answers SIGINT by running its shutdown hooks
 * and then exits with 130; our hook passes the wish on and waits until the work says that it has saved.
 */
public final class Interrupt {
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean requested;

    /** Creates an interrupt that only {@link #request} raises. */
    public Interrupt() {
    }

    /** Creates an interrupt that Ctrl-C raises. */
    public static Interrupt onSignal() {
        Interrupt interrupt = new Interrupt();
        Thread hook = new Thread(interrupt::hold, "ebbtide-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        return interrupt;
    }

    private void hold() {
        request();
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("ebbtide: not saved, the last step took too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Raises the wish to stop. */
    public void request() {
        requested = true;
    }

    /** Returns whether work is to stop. */
    public boolean requested() {
        return requested;
    }

    /** Says that nothing is left to save: the JVM may exit. */
    public void release() {
        done.countDown();
    }
}
