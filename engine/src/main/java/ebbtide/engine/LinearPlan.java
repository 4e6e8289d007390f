package ebbtide.engine;

import ebbtide.kernels.Panels;

/**
 * Passes of a {@link Linear} read-out over fixed shapes. The plan owns one buffer [T, B, O]: forward
 * fills it with outputs, a loss replaces them by their gradient, backward reads that.
 *
 * <p>Serves one thread at a time; a second one is refused. Passes allocate nothing.
 */
public final class LinearPlan {
    private final Linear linear;
    private final Ownership ownership;
    private final int steps;
    private final TimeAxis axis;
    private final int batch;
    private final Workers workers;
    private final Tensor output;
    private final StepRows gradientRows;
    private final StepRows input = new StepRows();
    private final FusedProduct[] products;
    private final Term[][] forwardTerm;
    private final Term[][] backTerm;
    private final Epilogue.AddBias[] addBias;
    private final Epilogue.Store[] store;
    private final WeightGradients[] weightGradients;
    private final ColumnSum bias;
    private final Workers.Task forwardTask = this::forwardPart;
    private final Workers.Task backwardTask = this::backwardPart;
    private Tensor dy;
    private Gradients gradients;

    LinearPlan(Linear linear, int steps, int batch, Workers workers) {
        this.linear = linear;
        ownership = new Ownership(linear.parameters);
        this.steps = Shapes.positive("steps", steps);
        axis = new TimeAxis(steps, 0, false);
        this.batch = Shapes.positive("batch", batch);
        this.workers = workers;
        int stride = Panels.padded(linear.outputs);
        output =
                new Tensor(
                        new float[Shapes.size(steps, batch, stride)],
                        0,
                        steps,
                        batch,
                        linear.outputs,
                        batch * stride,
                        stride);
        gradientRows = new StepRows(output.data(), 0, output.stepStride(), stride);
        bias = ColumnSum.biases(0, 0, linear.biasSlot);
        ActiveRows active = new ActiveRows(steps, batch);
        int threads = workers.threads();
        products = new FusedProduct[threads];
        forwardTerm = new Term[threads][];
        backTerm = new Term[threads][];
        addBias = new Epilogue.AddBias[threads];
        store = new Epilogue.Store[threads];
        weightGradients = new WeightGradients[threads];
        for (int worker = 0; worker < threads; worker++) {
            products[worker] = new FusedProduct(linear.kernels);
            forwardTerm[worker] = new Term[] {Term.of(linear.forward)};
            backTerm[worker] = new Term[] {Term.of(linear.back)};
            products[worker].reserve(forwardTerm[worker]);
            products[worker].reserve(backTerm[worker]);
            addBias[worker] = new Epilogue.AddBias(linear.kernels.pointwise(), linear.bias);
            store[worker] = new Epilogue.Store(linear.inputs);
            weightGradients[worker] =
                    new WeightGradients(
                            linear.kernels,
                            active,
                            linear.inputs,
                            1,
                            unit(worker + 1) - unit(worker));
        }
    }

    /** Returns the buffer: outputs after forward, to be replaced by their gradient before backward. */
    public Tensor output() {
        return output;
    }

    /**
     * output = V·y + c.
     *
     * @param y [T, B, H]; must not change until backward
     */
    public void forward(Tensor y) {
        Shapes.shape("y", y, steps, batch, linear.inputs);
        ownership.enter();
        try {
            linear.pack();
            input.at(y);
            workers.run(forwardTask);
        } finally {
            ownership.leave();
        }
    }

    /**
     * Goes back from the gradient in {@link #output}: dy = dO·V, and adds to the gradients of V and c.
     *
     * @param dy receives ∂L/∂y [T, B, H]
     * @param gradients receives the gradients of the parameters, added to what is there
     */
    public void backward(Tensor dy, Gradients gradients) {
        Shapes.shape("dy", dy, steps, batch, linear.inputs);
        ownership.enter();
        try {
            this.dy = dy;
            this.gradients = gradients;
            workers.run(backwardTask);
        } finally {
            ownership.leave();
        }
    }

    private int unit(int worker) {
        int panels = Panels.count(linear.outputs);
        return Math.min(
                linear.outputs,
                Partition.share(panels, worker, workers.threads()) * Panels.WIDTH);
    }

    private void forwardPart(int worker, int count) {
        int t0 = Partition.share(steps, worker, count);
        int t1 = Partition.share(steps, worker + 1, count);
        int merged = input.merges(batch) ? t1 - t0 : 1;
        for (int t = t0; t < t1; t += merged) {
            addBias[worker].at(output.data(), output.index(t, 0), output.rowStride());
            forwardTerm[worker][0].at(input, t, 0, merged * batch);
            run(worker, forwardTerm, merged, addBias[worker]);
        }
    }

    private void run(int worker, Term[][] terms, int merged, Epilogue epilogue) {
        int panels = terms[worker][0].factors[0].panels();
        products[worker].run(
                terms[worker], merged * batch, 0, panels, 1, epilogue);
    }

    private void backwardPart(int worker, int count) {
        int t0 = Partition.share(steps, worker, count);
        int t1 = Partition.share(steps, worker + 1, count);
        int merged = dy.stepStride() == batch * dy.rowStride() ? t1 - t0 : 1;
        for (int t = t0; t < t1; t += merged) {
            store[worker].at(dy.data(), dy.index(t, 0), dy.rowStride());
            backTerm[worker][0].at(gradientRows, t, 0, merged * batch);
            run(worker, backTerm, merged, store[worker]);
        }
        addGradients(worker);
    }

    private void addGradients(int worker) {
        int unit0 = unit(worker);
        int units = unit(worker + 1) - unit0;
        if (units == 0) {
            return;
        }
        WeightGradients products = weightGradients[worker];
        float[] gradient = gradients.array();
        Layout.Slot v = linear.weight;
        for (int done = 0; done < steps;) {
            done = products.block(axis, done);
            products.packLeft(gradientRows, 0, unit0, units);
            products.packRight(input, 0, linear.inputs);
            int to = v.offset() + unit0 * v.stride();
            products.add(0, units, linear.inputs, gradient, to, v.stride());
            products.addColumns(bias, gradientRows, unit0, unit0, units, gradient);
        }
    }
}
