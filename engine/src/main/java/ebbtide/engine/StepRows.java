package ebbtide.engine;

/**
 * Rows of a sequence as a product reads them: row r of step t at {@code offset + t·stepStride +
 * r·rowStride}. The rows of the caller's input change with each pass, so a plan keeps one object and
 * points it anew.
 */
final class StepRows {
    float[] data;
    int offset;
    int stepStride;
    int rowStride;

    StepRows() {}

    StepRows(float[] data, int offset, int stepStride, int rowStride) {
        this.data = data;
        this.offset = offset;
        this.stepStride = stepStride;
        this.rowStride = rowStride;
    }

    void at(Tensor tensor) {
        data = tensor.data();
        offset = tensor.offset();
        stepStride = tensor.stepStride();
        rowStride = tensor.rowStride();
    }

    void at(StepRows rows) {
        data = rows.data;
        offset = rows.offset;
        stepStride = rows.stepStride;
        rowStride = rows.rowStride;
    }

    int index(int t, int row) {
        return offset + t * stepStride + row * rowStride;
    }

    /** Whether all rows of all steps are equally far apart, so that steps can be merged. */
    boolean merges(int batch) {
        return stepStride == batch * rowStride;
    }
}
