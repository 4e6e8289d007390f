package ebbtide.engine.init;

import ebbtide.engine.random.Generator;

/**
 * Fills a weight matrix W [rows, columns], where {@code rows} are the units that receive and {@code
 * columns} what they receive from (y = W·x). All initialisers compute in double and {@link
 * StrictMath}: the same generator state gives the same bits on every machine. Those made by {@link
 * Initializers} are immutable and safe for use by several threads.
 */
@FunctionalInterface
public interface Initializer {
    /**
     * Fills the matrix.
     *
     * @param w dense, row by row; all rows·columns elements are overwritten
     * @param random where randomness is drawn from
     * @throws IllegalArgumentException if the array is not rows·columns long or the shape does not
     *     suit the initialiser (some need a square matrix); nothing is written then
     */
    void fill(float[] w, int rows, int columns, Generator random);
}
