package ebbtide.bench.peers;

import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepContestant;
import ebbtide.bench.speed.StepData;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Panels;
import ebbtide.kernels.Pointwise;
import java.util.Arrays;

/**
 * A step of an Elman cell as one writes it on a BLAS: W·x merged over the steps, U·h and dz·U step by
 * step, dx, dW and dU merged. What is not a product is done by our own elementwise kernels. A BLAS packs
 * inside each call; there is nothing to do in advance.
 */
final class BlasStep implements StepContestant {
    private final Blas blas;
    private final int threads;
    private final Pointwise pointwise = KernelSelection.selected().kernels().pointwise();
    private final Activation function;
    private final int steps;
    private final int batch;
    private final int inputs;
    private final int hidden;
    /** Rows of states are padded, as the elementwise kernels want them. */
    private final int stride;
    private final float[] x;
    private final float[] dy;
    private final float[] w;
    private final float[] u;
    private final float[] bias;
    private final float[] h;
    private final float[] dz;
    private final float[] sums;
    private final float[] dx;
    private final float[] dw;
    private final float[] du;
    private final float[] db;

    BlasStep(Blas blas, StepData data, int threads) throws AbsentPeerException {
        if (!data.cell().elman()) {
            throw new AbsentPeerException("its step is written for Elman cells only");
        }
        Shape shape = data.shape();
        this.blas = blas;
        this.threads = threads;
        function = data.cell().activation();
        steps = shape.steps();
        batch = shape.batch();
        inputs = shape.inputs();
        hidden = shape.hidden();
        stride = Panels.padded(hidden);
        x = data.x();
        dy = data.dy();
        w = data.w();
        u = data.u();
        bias = Arrays.copyOf(data.inputBias(), stride);
        for (int i = 0; i < hidden; i++) {
            bias[i] += data.recurrentBias()[i];
        }
        h = new float[steps * batch * stride];
        dz = new float[steps * batch * stride];
        sums = new float[batch * stride];
        dx = new float[x.length];
        dw = new float[w.length];
        du = new float[u.length];
        db = new float[stride];
    }

    @Override
    public String name() {
        return blas.name();
    }

    @Override
    public void begin() {
        blas.threads(threads);
    }

    @Override
    public long spinNanos() {
        return blas.spinNanos();
    }

    @Override
    public void forward() {
        int step = batch * stride;
        blas.sgemm(
                false, true, steps * batch, hidden, inputs, x, 0, inputs, w, 0, inputs, 0, h, 0,
                stride);
        pointwise.addBias(h, 0, stride, bias, 0, h, 0, stride, steps * batch, stride);
        Arrays.fill(sums, 0);
        for (int t = 0; t < steps; t++) {
            if (t > 0) {
                blas.sgemm(
                        false, true, batch, hidden, hidden, h, (t - 1) * step, stride, u, 0,
                        hidden, 0, sums, 0, stride);
            }
            pointwise.activate(
                    function, sums, 0, stride, h, t * step, stride, batch, stride);
        }
    }

    @Override
    public void backward() {
        int step = batch * stride;
        for (int row = 0; row < steps * batch; row++) {
            System.arraycopy(dy, row * hidden, dz, row * stride, hidden);
        }
        Arrays.fill(sums, 0);
        for (int t = steps - 1; t >= 0; t--) {
            if (t < steps - 1) {
                blas.sgemm(
                        false, false, batch, hidden, hidden, dz, (t + 1) * step, stride, u, 0,
                        hidden, 0, sums, 0, stride);
            }
            pointwise.differentiate(
                    function, Float.POSITIVE_INFINITY, sums, 0, stride, h, t * step, stride, dz,
                    t * step, stride, batch, stride);
        }
        blas.sgemm(
                false, false, steps * batch, inputs, hidden, dz, 0, stride, w, 0, inputs, 0, dx, 0,
                inputs);
        blas.sgemm(
                true, false, hidden, inputs, steps * batch, dz, 0, stride, x, 0, inputs, 1, dw, 0,
                inputs);
        if (steps > 1) {
            blas.sgemm(
                    true, false, hidden, hidden, (steps - 1) * batch, dz, step, stride, h, 0,
                    stride, 1, du, 0, hidden);
        }
        for (int row = 0; row < steps * batch; row++) {
            int start = row * stride;
            for (int i = 0; i < stride; i++) {
                db[i] += dz[start + i];
            }
        }
    }

    @Override
    public float[] read(Output output) {
        return switch (output) {
            case Y -> dense(h);
            case DX -> dx;
            case DW -> dw;
            case DU -> du;
            case INPUT_DB, RECURRENT_DB -> Arrays.copyOf(db, hidden);
        };
    }

    private float[] dense(float[] padded) {
        float[] values = new float[steps * batch * hidden];
        for (int row = 0; row < steps * batch; row++) {
            System.arraycopy(padded, row * stride, values, row * hidden, hidden);
        }
        return values;
    }
}
