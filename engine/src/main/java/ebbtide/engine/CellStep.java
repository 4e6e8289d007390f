package ebbtide.engine;

/** The pointwise part of a cell, forward or backward, pointed at one step after another. */
abstract class CellStep extends Epilogue {
    /** Points at step {@code t}; row 0 of the product is batch row {@code row}. */
    abstract void at(int t, int row);
}
