package ebbtide.bench.flow;

import ebbtide.engine.LinearPlan;
import ebbtide.engine.Model;
import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.engine.Workers;
import org.ejml.data.DMatrixRMaj;

/** A·V for a large A and a few columns, by the engine: a read-out with A as its weights. */
final class MatrixProduct {
    private final LinearPlan plan;
    private final Tensor input;
    private final int rows;
    private final int columns;
    private final int directions;

    /**
     * Takes a matrix.
     *
     * @param dense its elements, row by row
     * @param columns of the matrix
     * @param directions columns of V
     */
    MatrixProduct(float[] dense, int columns, int directions, Workers workers) {
        this.columns = columns;
        this.directions = directions;
        rows = dense.length / columns;
        Model model = Model.build(Rnn.identity(1, columns), rows, 0);
        model.parameters().write("readout.weight", dense);
        model.parameters().write("readout.bias", new float[rows]);
        // Directions stand where steps do, which a read-out shares among the threads.
        plan = model.readout().plan(directions, 1, workers);
        input = Tensor.zeros(directions, 1, columns);
    }

    /** Returns A·V, V being the rows of {@code v} from {@code from} on. */
    DMatrixRMaj times(DMatrixRMaj v, int from) {
        for (int d = 0; d < directions; d++) {
            for (int i = 0; i < columns; i++) {
                input.data()[input.index(d, 0) + i] = (float) v.get(from + i, d);
            }
        }
        plan.forward(input);
        DMatrixRMaj product = new DMatrixRMaj(rows, directions);
        for (int d = 0; d < directions; d++) {
            for (int i = 0; i < rows; i++) {
                product.set(i, d, plan.output().at(d, 0, i));
            }
        }
        return product;
    }
}
