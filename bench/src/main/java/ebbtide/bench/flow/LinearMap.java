package ebbtide.bench.flow;

import org.ejml.data.DMatrixRMaj;

/** A linear map that is known by what it does to a few columns at a time. */
interface LinearMap {
    /** Returns A·V. */
    DMatrixRMaj times(DMatrixRMaj v);

    /** Returns Aᵀ·V. */
    DMatrixRMaj transposedTimes(DMatrixRMaj v);
}
