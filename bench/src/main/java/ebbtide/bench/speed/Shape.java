package ebbtide.bench.speed;

import ebbtide.bench.BadInput;
import ebbtide.kernels.Panels;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sizes of a step.
 *
 * @param steps T
 * @param batch B
 * @param inputs I
 * @param hidden H
 */
public record Shape(int steps, int batch, int inputs, int hidden) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,9}),(\\d{1,9}),(\\d{1,9}),(\\d{1,9})");

    /** What the JVM can index, less the header words that some of them reserve. */
    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    /**
     * Reads {@code T,B,I,H}.
     *
     * @throws BadInput if the text has another form, a size is zero, or a tensor cannot be indexed
     */
    public static Shape parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new BadInput("shape: expected T,B,I,H such as 64,32,256,256, got %s", text);
        }
        int[] sizes = new int[4];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Integer.parseInt(form.group(i + 1));
            if (sizes[i] == 0) {
                throw new BadInput("shape: expected sizes of at least 1, got %s", text);
            }
        }
        Shape shape = new Shape(sizes[0], sizes[1], sizes[2], sizes[3]);
        // By division: three sizes of nine digits are more than a long can hold.
        long rows = (sizes[0] + 1L) * sizes[1];
        int widest = Math.max(Panels.padded(sizes[2]), Panels.padded(sizes[3]));
        if (rows > LARGEST / widest || Panels.padded(sizes[3]) > LARGEST / widest) {
            throw new BadInput(
                    "shape: expected tensors below 2^31 floats, got %s; lower a size", text);
        }
        return shape;
    }

    /**
     * Returns the floating-point operations of a whole step, 6·T·B·(I+H)·H: the products of forward
     * (a third) and of backward, a multiply-add counted as two, everything else as none.
     */
    public double flops() {
        return 6.0 * steps * batch * ((double) inputs + hidden) * hidden;
    }

    /** Returns about how many bytes of heap the network, a plan and the outer tensors take. */
    public long bytes() {
        long rows = (steps + 1L) * batch;
        long padded = Panels.padded(hidden);
        long weights = padded * ((long) inputs + hidden);
        return Float.BYTES * (rows * 2 * (padded + inputs + hidden) + 5 * weights);
    }

    @Override
    public String toString() {
        return "%d,%d,%d,%d".formatted(steps, batch, inputs, hidden);
    }
}
