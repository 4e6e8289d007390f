package ebbtide.bench.flow;

import ebbtide.engine.Layout;
import ebbtide.engine.Rnn;
import ebbtide.engine.Workers;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * One recurrent matrix: that of a gate, or of a skip connection.
 *
 * @param name of the gate, {@code skip}, or empty for a cell with one matrix
 * @param eigenvalues {real, imaginary}, the largest |λ| first; empty for a matrix that is not square, or
 *     too large
 * @param singularValues the largest first; of a large matrix the leading ones
 */
public record Recurrent(String name, double[][] eigenvalues, double[] singularValues) {
    /** Above this many units eigenvalues take minutes. */
    private static final int EIGENVALUES = 1024;
    /** Blocks of directions for a large matrix: the outermost values to four digits. */
    private static final int ROUNDS = 12;

    /** Returns max |λ|, or NaN where it is not known. */
    public double radius() {
        return eigenvalues.length == 0
                ? Double.NaN
                : Math.hypot(eigenvalues[0][0], eigenvalues[0][1]);
    }

    /** Returns σ₁. */
    public double largest() {
        return singularValues[0];
    }

    /** Returns the recurrent matrices, dense up to {@code dense} units. */
    static List<Recurrent> of(
            Recurrence recurrence, int dense, Workers workers, Progress progress) {
        List<Recurrent> all = new ArrayList<>();
        Rnn rnn = recurrence.rnn();
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            boolean plain = slot.name().equals("weight_hh_l0");
            boolean skip = slot.name().matches("weight_skip\\d*_l0");
            if (!plain && !skip) {
                continue;
            }
            float[] rows = rnn.parameters().read(slot.name());
            String[] gates = skip ? new String[] {"skip"} : recurrence.kind().gates();
            for (int g = 0; g < gates.length; g++) {
                progress.at((double) g / gates.length, "eigenvalues and singular values of U");
                DMatrixRMaj matrix = Matrices
                        .of(rows, g * rnn.hidden(), rnn.hidden(), rnn.features());
                all.add(of(gates[g], matrix, dense, workers));
            }
        }
        return all;
    }

    private static Recurrent of(String name, DMatrixRMaj matrix, int dense, Workers workers) {
        boolean square = matrix.numRows == matrix.numCols;
        double[][] eigenvalues = square && matrix.numRows <= EIGENVALUES
                ? Matrices.eigenvalues(matrix)
                : new double[0][];
        double[] values = matrix.numRows <= dense
                ? Matrices.singularValues(matrix)
                : LeadingValues.of(map(matrix, workers), matrix.numCols, ROUNDS);
        return new Recurrent(name, eigenvalues, values);
    }

    private static LinearMap map(DMatrixRMaj matrix, Workers workers) {
        int columns = Math.min(LeadingValues.BLOCK, matrix.numCols);
        float[] rows = new float[matrix.data.length];
        float[] turned = new float[matrix.data.length];
        for (int i = 0; i < matrix.numRows; i++) {
            for (int j = 0; j < matrix.numCols; j++) {
                rows[i * matrix.numCols + j] = (float) matrix.get(i, j);
                turned[j * matrix.numRows + i] = (float) matrix.get(i, j);
            }
        }
        MatrixProduct times = new MatrixProduct(rows, matrix.numCols, columns, workers);
        MatrixProduct transposed = new MatrixProduct(turned, matrix.numRows, columns, workers);
        return new LinearMap() {
            @Override
            public DMatrixRMaj times(DMatrixRMaj v) {
                return times.times(v, 0);
            }

            @Override
            public DMatrixRMaj transposedTimes(DMatrixRMaj v) {
                return transposed.times(v, 0);
            }
        };
    }
}
