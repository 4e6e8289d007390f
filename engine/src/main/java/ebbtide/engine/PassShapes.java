package ebbtide.engine;

/** What the arguments of a pass over [T, B] must look like; nulls pass. */
record PassShapes(Rnn rnn, int steps, int batch) {
    /** Everything of a forward pass but the inputs. */
    void forward(Tensor h0, Tensor c0, Tensor y, Tensor hn, Tensor cn) {
        state("h0", h0);
        cell("c0", c0);
        output("y", y);
        state("hn", hn);
        cell("cn", cn);
        Shapes.apart("y", y, "h0", h0);
        Shapes.apart("y", y, "hn", hn);
        Shapes.apart("y", y, "cn", cn);
        Shapes.apart("hn", hn, "cn", cn);
    }

    /** Everything of a backward pass. */
    void backward(
            Tensor dy,
            Tensor dhn,
            Tensor dcn,
            Tensor dx,
            Tensor dh0,
            Tensor dc0,
            Gradients gradients) {
        output("dy", dy);
        state("dhn", dhn);
        cell("dcn", dcn);
        inputGradient(dx);
        state("dh0", dh0);
        cell("dc0", dc0);
        parameters(gradients);
        Shapes.apart("dx", dx, "dy", dy);
        Shapes.apart("dx", dx, "dh0", dh0);
        Shapes.apart("dh0", dh0, "dy", dy);
        Shapes.apart("dh0", dh0, "dc0", dc0);
    }

    /** Inputs [T, B, I] of a network that reads floats. */
    void input(Tensor x) {
        if (rnn.tokens()) {
            throw new IllegalArgumentException(
                    "x: expected tokens, got floats; the network was built with tokens(true)");
        }
        Shapes.shape("x", x, steps, batch, rnn.inputs());
    }

    /** Inputs [T, B] of a network that reads tokens. */
    void input(Tokens x) {
        if (!rnn.tokens()) {
            throw new IllegalArgumentException(
                    "x: expected floats, got tokens; build the network with tokens(true)");
        }
        if (x.steps() != steps || x.rows() != batch) {
            throw new IllegalArgumentException(
                    "x: expected [%d, %d] tokens, got [%d, %d]"
                            .formatted(steps, batch, x.steps(), x.rows()));
        }
        x.requireBelow(rnn.inputs(), "x");
    }

    /** ∂L/∂x [T, B, I], which tokens do not have. */
    private void inputGradient(Tensor dx) {
        if (rnn.tokens() && dx != null) {
            throw new IllegalArgumentException("dx: tokens have no gradient; give null");
        }
        Shapes.shape("dx", dx, steps, batch, rnn.inputs());
    }

    /** Outputs [T, B, outputs]. */
    private void output(String name, Tensor y) {
        Shapes.shape(name, y, steps, batch, rnn.outputs());
    }

    /** States: the last ones, or as many as the longest delay reaches. */
    void state(String name, Tensor h) {
        boolean all = h != null && h.steps() == rnn.states();
        Shapes.shape(name, h, all ? h.steps() : runs(), batch, rnn.features());
    }

    /** Cell states have the shape of states, and only some cells have them. */
    void cell(String name, Tensor c) {
        if (c != null && !rnn.hasCellState()) {
            throw new IllegalArgumentException(
                    "%s: these cells have no cell state; give null".formatted(name));
        }
        Shapes.shape(name, c, runs(), batch, rnn.hidden());
    }

    /** Gradients in the layout of the network's parameters. */
    private void parameters(Gradients gradients) {
        if (gradients != null && gradients.layout() != rnn.parameters().layout()) {
            throw new IllegalArgumentException(
                    "gradients belong to another network; use gradients() of this one");
        }
    }

    private int runs() {
        return rnn.layers() * rnn.directions().count();
    }
}
