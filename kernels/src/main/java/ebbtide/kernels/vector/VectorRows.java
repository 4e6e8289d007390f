package ebbtide.kernels.vector;

import static ebbtide.kernels.vector.VectorWidth.SPECIES;

import ebbtide.kernels.Panels;
import ebbtide.kernels.Rows;
import jdk.incubator.vector.FloatVector;

/** {@link Rows} on vectors. */
public final class VectorRows implements Rows {
    @Override
    public void gather(
            float[] table,
            int tableOff,
            int tableStride,
            int[] index,
            int indexOff,
            float[] bias,
            int biasOff,
            float[] out,
            int outOff,
            int outStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int t = tableOff + index[indexOff + r] * tableStride;
            int o = outOff + r * outStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector b = FloatVector.fromArray(SPECIES, bias, biasOff + c);
                FloatVector.fromArray(SPECIES, table, t + c).add(0f).add(b).intoArray(out, o + c);
            }
        }
    }

    @Override
    public void scatterAdd(
            float[] a,
            int aOff,
            int aStride,
            int[] index,
            int indexOff,
            float[] sums,
            int sumsOff,
            int sumsStride,
            int rows,
            int columns) {
        for (int r = 0; r < rows; r++) {
            int from = aOff + r * aStride;
            int s = sumsOff + index[indexOff + r] * sumsStride;
            for (int c = 0; c < columns; c += SPECIES.length()) {
                FloatVector v = FloatVector.fromArray(SPECIES, a, from + c);
                FloatVector.fromArray(SPECIES, sums, s + c).add(v).intoArray(sums, s + c);
            }
        }
    }

    @Override
    public void sumColumns(float[] panel, int panelOff, int rows, float[] out, int outOff) {
        for (int c = 0; c < Panels.WIDTH; c += SPECIES.length()) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                int from = panelOff + r * Panels.WIDTH + c;
                sum = sum.add(FloatVector.fromArray(SPECIES, panel, from));
            }
            FloatVector.fromArray(SPECIES, out, outOff + c).add(sum).intoArray(out, outOff + c);
        }
    }
}
