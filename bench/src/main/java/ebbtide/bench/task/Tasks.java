package ebbtide.bench.task;

import ebbtide.bench.BadInput;
import java.util.List;

/** The tasks by name. */
public final class Tasks {
    /** The names on the command line. */
    public static final List<String> NAMES = List.of("adding", "temporal-order", "copy", "latch");

    private Tasks() {
    }

    /**
     * Returns task {@code name} of length T.
     *
     * @throws BadInput if there is no such task, or the length is out of its range
     */
    public static Task of(String name, int length) {
        return switch (name) {
            case "adding" -> new Adding(length);
            case "temporal-order" -> new TemporalOrder(length);
            case "copy" -> new Copy(length);
            case "latch" -> new Latch(length);
            default -> throw new BadInput(
                    "--task: expected one of %s, got %s; choose one",
                    String.join(", ", NAMES), name);
        };
    }

    /** Returns the length T that the literature mostly starts from. */
    public static int usualLength(String name) {
        return name.equals("latch") ? 20 : 100;
    }
}
