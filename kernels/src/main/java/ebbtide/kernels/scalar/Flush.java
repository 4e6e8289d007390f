package ebbtide.kernels.scalar;

/**
 * What {@link ebbtide.kernels.Pointwise} calls flush.
 *
 * @param least what is smaller in magnitude becomes +0; 0 for nothing
 */
record Flush(float least) {
    float state(float v) {
        return Math.abs(v) < least ? 0f : v;
    }

    float gate(float z) {
        return state(ScalarMath.sigmoid(z));
    }

    float adjoint(float v, float limit) {
        return state(ScalarUpdates.clamp(v, limit));
    }
}
