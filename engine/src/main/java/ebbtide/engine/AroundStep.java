package ebbtide.engine;

/** Something that is done before or after the pointwise part of a cell. */
abstract class AroundStep extends CellStep {
    final CellStep inner;

    AroundStep(CellStep cell) {
        inner = cell;
    }

    @Override
    void at(int t, int row) {
        super.at(t, row);
        inner.at(t, row);
    }
}
