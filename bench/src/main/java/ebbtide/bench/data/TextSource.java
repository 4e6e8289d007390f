package ebbtide.bench.data;

import ebbtide.bench.BadInput;
import java.util.Arrays;
import java.util.Map;

/**
 * Next-character prediction. The training part is cut into B streams of equal length that are read side
 * by side: stream b of a part d of length n has X[t, b] = d[b·L + t] and Y[t, b] = d[b·L + t + 1] with
 * L = ⌊(n − 1) / B⌋. Windows of k2 steps follow each other k1 steps apart; when a window would leave the
 * streams, reading starts again at 0 with a zero state. The loss counts the newest k1 steps, and all of a
 * window that starts from zero. With k1 = k2 these are the windows of the usual PyTorch program.
 */
public final class TextSource implements Source {
    private final TextCorpus corpus;
    private final int batch;
    private final int steps;
    private final int shift;
    private final int split;
    private final int trainLength;
    private final int validationLength;
    private final long windows;
    private final float[] allSteps;
    private final float[] newSteps;

    /**
     * Cuts {@code corpus}.
     *
     * @param share of the text that trains, for example 0.9
     * @throws BadInput if the text is too short
     */
    public TextSource(TextCorpus corpus, int batch, int steps, int shift, double share) {
        this.corpus = corpus;
        this.batch = batch;
        this.steps = steps;
        this.shift = shift;
        int length = corpus.tokens().length;
        split = split(length, share);
        trainLength = (split - 1) / batch;
        validationLength = (length - split - 1) / batch;
        if (!fits(length, batch, steps, share)) {
            throw new BadInput(
                    "%s: expected at least %d characters for --batch %d --bptt %d, got %d; lower --batch or --bptt",
                    corpus.name(), shortest(batch, steps, share), batch, steps, length);
        }
        windows = (trainLength - steps) / shift + 1L;
        allSteps = mask(0);
        newSteps = mask(steps - shift);
    }

    private static int split(int length, double share) {
        return (int) (length * share);
    }

    /** Returns whether a text of {@code length} characters fills a training and a validation window. */
    public static boolean fits(int length, int batch, int steps, double share) {
        int split = split(length, share);
        return (split - 1) / batch >= steps && (length - split - 1) / batch > steps;
    }

    private static int shortest(int batch, int steps, double share) {
        double validation = (batch * (steps + 1.0) + 1) / (1 - share);
        double training = (batch * (double) steps + 1) / share;
        // Cutting rounds down: a somewhat shorter text may fit. Go back, and find the first that does.
        double rounding = 1 / Math.min(share, 1 - share) + 1;
        int length = (int) Math.max(1, Math.max(validation, training) - rounding);
        while (length < Integer.MAX_VALUE && !fits(length, batch, steps, share)) {
            length++;
        }
        return length;
    }

    private float[] mask(int from) {
        float[] mask = new float[steps * batch];
        Arrays.fill(mask, from * batch, mask.length, 1f);
        return mask;
    }

    /** Returns the corpus. */
    public TextCorpus corpus() {
        return corpus;
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public boolean tokens() {
        return true;
    }

    @Override
    public int inputs() {
        return corpus.vocabulary().size();
    }

    @Override
    public int outputs() {
        return corpus.vocabulary().size();
    }

    @Override
    public Objective objective() {
        return Objective.CROSS_ENTROPY;
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
    public int shift() {
        return shift;
    }

    @Override
    public String items() {
        return "characters";
    }

    @Override
    public long itemsPerUpdate() {
        return (long) shift * batch;
    }

    @Override
    public void train(long update, Window window) {
        int place = (int) (update % windows);
        window.fresh = place == 0;
        fill(window, 0, trainLength, place * shift);
        float[] mask = window.fresh ? allSteps : newSteps;
        System.arraycopy(mask, 0, window.mask, 0, mask.length);
    }

    @Override
    public int validationWindows() {
        return (validationLength - 1) / steps;
    }

    @Override
    public void validation(int index, Window window) {
        window.fresh = index == 0;
        fill(window, split, validationLength, index * steps);
        System.arraycopy(allSteps, 0, window.mask, 0, allSteps.length);
    }

    private void fill(Window window, int base, int length, int place) {
        int[] tokens = corpus.tokens();
        window.samples = 1;
        for (int b = 0; b < batch; b++) {
            int from = base + b * length + place;
            for (int t = 0; t < steps; t++) {
                window.tokens[t * batch + b] = tokens[from + t];
                window.classes[t * batch + b] = tokens[from + t + 1];
            }
        }
    }

    @Override
    public Score score() {
        return new Score() {
            @Override
            public void report(Map<String, Object> figures) {
                figures.put("validationBitsPerCharacter", loss() / Math.log(2));
            }
        };
    }

    @Override
    public String fingerprint() {
        return Fingerprint.of(corpus.tokens(), corpus.vocabulary().toString());
    }
}
