package ebbtide.bench.validate;

/** One of the checks. */
public interface Check {
    /** The name that {@code --only} takes. */
    String name();

    /** What it holds to what, in a few words. */
    String title();

    /** Runs it, and hands each finding to {@code run}. */
    void run(ValidationRun run) throws Exception;
}
