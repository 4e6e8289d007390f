package ebbtide.bench.flow;

import ebbtide.engine.random.Generator;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The leading singular values of a map A by products with A and Aᵀ alone: an orthonormal basis V of the
 * block Krylov space of AᵀA, and the singular values of A·V, which approach those of A from below. Source:
 * C. Musco, C. Musco, "Randomized block Krylov methods for stronger and faster approximate singular value
 * decomposition", NIPS 2015.
 */
final class LeadingValues {
    /** Columns that are multiplied at a time, and values that are returned. */
    static final int BLOCK = 8;

    private static final long STREAM = 9;

    private LeadingValues() {
    }

    /**
     * Returns the {@link #BLOCK} largest singular values, the largest first, fewer if A has fewer columns.
     *
     * @param columns of A
     * @param rounds products with A; one less with Aᵀ
     */
    static double[] of(LinearMap map, int columns, int rounds) {
        int width = Math.min(BLOCK, columns);
        int whole = Math.min(rounds, columns / width);
        DMatrixRMaj basis = new DMatrixRMaj(columns, 0);
        DMatrixRMaj images = null;
        DMatrixRMaj next = Matrices.orthonormal(columns, width, Generator.of(0, STREAM));
        for (int round = 0; round < whole; round++) {
            DMatrixRMaj image = map.times(next);
            images = images == null ? image : CommonOps_DDRM.concatColumns(images, image, null);
            basis = CommonOps_DDRM.concatColumns(basis, next, null);
            if (round + 1 < whole) {
                // Orthonormal first: all columns lean to the leading direction.
                DMatrixRMaj turned = image.copy();
                Matrices.orthonormalise(turned);
                next = map.transposedTimes(turned);
                outside(basis, next);
            }
        }
        return Arrays.copyOf(Matrices.singularValues(images), width);
    }

    /** Makes columns orthonormal, and orthogonal to the basis: twice, since once loses digits. */
    private static void outside(DMatrixRMaj basis, DMatrixRMaj columns) {
        Matrices.orthonormalise(columns);
        DMatrixRMaj within = new DMatrixRMaj(basis.numCols, columns.numCols);
        for (int pass = 0; pass < 2; pass++) {
            CommonOps_DDRM.multTransA(basis, columns, within);
            CommonOps_DDRM.multAdd(-1, basis, within, columns);
            Matrices.orthonormalise(columns);
        }
    }
}
