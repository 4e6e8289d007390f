package ebbtide.bench.flow;

import ebbtide.engine.Layout;
import ebbtide.engine.Rnn;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * One recurrent matrix: that of a gate, or of a skip connection.
 *
 * @param name of the gate, {@code skip}, or empty for a cell with one matrix
 * @param eigenvalues {real, imaginary}, the largest |λ| first
 * @param singularValues the largest first
 */
public record Recurrent(String name, double[][] eigenvalues, double[] singularValues) {
    /** Returns max |λ|. */
    public double radius() {
        return eigenvalues.length == 0
                ? Double.NaN
                : Math.hypot(eigenvalues[0][0], eigenvalues[0][1]);
    }

    /** Returns σ₁. */
    public double largest() {
        return singularValues[0];
    }

    static List<Recurrent> of(Rnn rnn, CellKind kind, int layer, Progress progress) {
        List<Recurrent> all = new ArrayList<>();
        int hidden = rnn.hidden();
        for (Layout.Slot slot : rnn.parameters().layout().slots()) {
            boolean plain = slot.name().equals("weight_hh_l" + layer);
            boolean skip = slot.name().matches("weight_skip\\d*_l" + layer);
            if (!plain && !skip) {
                continue;
            }
            float[] dense = rnn.parameters().read(slot.name());
            String[] gates = skip ? new String[] {"skip"} : kind.gates();
            for (int g = 0; g < gates.length; g++) {
                progress.at((double) g / gates.length, "eigenvalues and singular values of U");
                DMatrixRMaj matrix = Matrices.of(dense, g * hidden, hidden, hidden);
                all.add(
                        new Recurrent(
                                gates[g], Matrices.eigenvalues(matrix),
                                Matrices.singularValues(matrix)));
            }
        }
        return all;
    }
}
