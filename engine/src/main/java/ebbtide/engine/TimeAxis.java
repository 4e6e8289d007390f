package ebbtide.engine;

/**
 * One direction over time: which slots of the states a step reads and writes. Slots are in the order of
 * time in both directions; forward, the states that precede the sequence stand before its first step,
 * in reverse after its last, and there is one of them for every step of the longest delay.
 */
final class TimeAxis {
    /** No such step. */
    static final int NONE = -1;

    final int steps;
    /** States that precede a sequence: the longest delay. */
    final int history;

    private final boolean reverse;

    TimeAxis(int steps, int history, boolean reverse) {
        this.steps = steps;
        this.history = history;
        this.reverse = reverse;
    }

    int slots() {
        return steps + history;
    }

    /** The i-th step of the forward pass. */
    int step(int i) {
        return reverse ? steps - 1 - i : i;
    }

    /** The first of {@code count} steps, in the order of time, that begin with the i-th. */
    int chunk(int i, int count) {
        return reverse ? steps - i - count : i;
    }

    /** The i-th slot of the backward pass. */
    int slotBack(int i) {
        return reverse ? i : slots() - 1 - i;
    }

    /** The i-th step of the backward pass. */
    int stepBack(int i) {
        return step(steps - 1 - i);
    }

    /** The first of {@code count} steps, in the order of time, that begin with the i-th of the backward pass. */
    int chunkBack(int i, int count) {
        return chunk(steps - i - count, count);
    }

    /** The slot that step {@code t} writes. */
    int after(int t) {
        return reverse ? t : t + history;
    }

    /** The slot that step {@code t} reads with a delay. */
    int before(int t, int delay) {
        return reverse ? t + delay : t + history - delay;
    }

    /** The step that writes a slot, or {@link #NONE} where it precedes the sequence. */
    int writer(int slot) {
        return step0(reverse ? slot : slot - history);
    }

    /** The step that reads a slot with a delay, or {@link #NONE}. */
    int reader(int slot, int delay) {
        return step0(reverse ? slot - delay : slot - history + delay);
    }

    /** Whether a slot would be read by a step after the direction's last one. */
    boolean readAfterTheEnd(int slot, int delay) {
        return reverse ? slot - delay < 0 : slot - history + delay >= steps;
    }

    /** Which of the slots before the first step a slot is, in the order of time. */
    int beforeFirst(int slot) {
        return reverse ? slot - steps : slot;
    }

    /** Which of the slots before the first step of a segment that follows a slot is. */
    int beforeNext(int slot) {
        return reverse ? slot : slot - steps;
    }

    /** Whether the direction is from the last step to the first. */
    boolean reverse() {
        return reverse;
    }

    private int step0(int t) {
        return t < 0 || t >= steps ? NONE : t;
    }

    /** The slot of the state {@code age} steps before the first of a sequence of {@code length}. */
    int initial(int age, int length) {
        return reverse ? length + age : history - 1 - age;
    }

    /** The slot of the state {@code age} steps before the last of a sequence of {@code length}. */
    int last(int age, int length) {
        return reverse ? age : length - 1 + history - age;
    }
}
