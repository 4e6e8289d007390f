package ebbtide.bench.flow;

import ebbtide.engine.random.Generator;
import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;

/** Dense matrices in double, decomposed by EJML. */
final class Matrices {
    private Matrices() {
    }

    /** Views n rows of a dense float matrix, from row {@code row}, as a matrix of its own. */
    static DMatrixRMaj of(float[] dense, int row, int rows, int columns) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < rows * columns; i++) {
            matrix.data[i] = dense[row * columns + i];
        }
        return matrix;
    }

    /** Returns the singular values, the largest first, or NaN where an element is not finite. */
    static double[] singularValues(DMatrixRMaj matrix) {
        double largest = CommonOps_DDRM.elementMaxAbs(matrix);
        int count = Math.min(matrix.numRows, matrix.numCols);
        if (!Arrays.stream(matrix.data).allMatch(Double::isFinite)) {
            return filled(count, Double.NaN);
        }
        if (largest == 0) {
            return new double[count];
        }
        // Scaled, so that squares of tiny or huge elements stay in range.
        DMatrixRMaj scaled = matrix.copy();
        CommonOps_DDRM.divide(scaled, largest);
        double[] values = SingularOps_DDRM.singularValues(scaled);
        Arrays.sort(values);
        double[] falling = new double[count];
        for (int i = 0; i < count; i++) {
            falling[i] = values[values.length - 1 - i] * largest;
        }
        return falling;
    }

    private static double[] filled(int count, double value) {
        double[] array = new double[count];
        Arrays.fill(array, value);
        return array;
    }

    /** Returns the eigenvalues {real, imaginary}, the largest |λ| first. */
    static double[][] eigenvalues(DMatrixRMaj matrix) {
        EigenDecomposition_F64<DMatrixRMaj> eigen =
                DecompositionFactory_DDRM.eig(matrix.numRows, false);
        if (!eigen.decompose(matrix.copy())) {
            return new double[0][];
        }
        double[][] values = new double[eigen.getNumberOfEigenvalues()][];
        for (int i = 0; i < values.length; i++) {
            Complex_F64 value = eigen.getEigenvalue(i);
            values[i] = new double[] {value.real, value.imaginary};
        }
        Arrays.sort(values, Comparator.comparingDouble(v -> -Math.hypot(v[0], v[1])));
        return values;
    }

    /**
     * Makes the columns of {@code matrix} orthonormal; returns the diagonal of R, not negative,
     * or NaN where an element is not finite.
     */
    static double[] orthonormalise(DMatrixRMaj matrix) {
        QRDecomposition<DMatrixRMaj> qr =
                DecompositionFactory_DDRM.qr(matrix.numRows, matrix.numCols);
        if (!Arrays.stream(matrix.data).allMatch(Double::isFinite)) {
            return filled(matrix.numCols, Double.NaN);
        }
        // False tells of dependent columns; Q is orthonormal all the same, and R has a zero.
        qr.decompose(matrix.copy());
        qr.getQ(matrix, true);
        DMatrixRMaj r = qr.getR(null, true);
        double[] diagonal = new double[matrix.numCols];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = Math.abs(r.get(i, i));
        }
        return diagonal;
    }

    /** Returns random orthonormal columns. */
    static DMatrixRMaj orthonormal(int rows, int columns, Generator random) {
        DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
        for (int i = 0; i < matrix.data.length; i++) {
            matrix.data[i] = random.nextGaussian();
        }
        orthonormalise(matrix);
        return matrix;
    }
}
