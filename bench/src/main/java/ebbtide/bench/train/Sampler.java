package ebbtide.bench.train;

import ebbtide.bench.data.Vocabulary;
import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Plan;
import ebbtide.engine.Tokens;
import ebbtide.engine.Workers;
import ebbtide.engine.random.Generator;
import java.util.Arrays;

/** Continues a text, one character at a time, from a character model. */
public final class Sampler {
    private static final long STREAM = 2;

    private final Vocabulary vocabulary;
    private final Plan plan;
    private final LinearPlan readout;
    private final int[] symbol = new int[1];
    private final Tokens symbols = Tokens.of(symbol, 1, 1);
    private final Carried state;

    /** Creates a sampler of {@code model}. */
    public Sampler(Model model, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        plan = model.rnn().plan(1, 1);
        readout = model.readout().plan(1, 1, Workers.single());
        state = new Carried(model.rnn(), 1);
    }

    /**
     * Continues {@code prompt}.
     *
     * @param temperature divides the logits; near 0 the likeliest character always follows
     * @return {@code length} characters, the prompt excluded
     * @throws ebbtide.bench.BadInput if the prompt has characters that the model does not know
     */
    public String sample(String prompt, int length, double temperature, long seed) {
        int[] tokens = vocabulary.encode(prompt.codePoints().toArray());
        Generator random = Generator.of(seed, STREAM);
        int newline = vocabulary.token('\n');
        int next = tokens.length == 0 ? Math.max(newline, 0) : tokens[0];
        Arrays.fill(state.data(), 0f);
        for (int i = 1; i < tokens.length; i++) {
            read(next);
            next = tokens[i];
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            read(next);
            next = draw(temperature, random.nextDouble());
            text.appendCodePoint(vocabulary.codePoint(next));
        }
        return text.toString();
    }

    private void read(int token) {
        symbol[0] = token;
        plan.forward(symbols, state.h(), state.c(), null, null, null);
        plan.state(1, state.h(), state.c());
        readout.forward(plan.output());
    }

    private int draw(double temperature, double at) {
        float[] z = readout.output().data();
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < vocabulary.size(); c++) {
            largest = Math.max(largest, z[c]);
        }
        double sum = 0;
        for (int c = 0; c < vocabulary.size(); c++) {
            sum += StrictMath.exp((z[c] - largest) / temperature);
        }
        double left = at * sum;
        for (int c = 0; c < vocabulary.size(); c++) {
            left -= StrictMath.exp((z[c] - largest) / temperature);
            if (left < 0) {
                return c;
            }
        }
        return vocabulary.size() - 1;
    }
}
