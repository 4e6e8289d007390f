package ebbtide.engine;

/** The pointwise part of a cell, forward or backward, pointed at one step after another. */
abstract class CellStep extends Epilogue {
    int t;
    /** The row of the workspace that row 0 of the product is. */
    int first;

    /** Points at step {@code t}; row 0 of the product is row {@code row} of the workspace. */
    void at(int t, int row) {
        this.t = t;
        this.first = row;
    }
}
