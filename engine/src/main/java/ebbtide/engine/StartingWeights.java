package ebbtide.engine;

import ebbtide.engine.init.Initializer;
import ebbtide.engine.init.Initializers;
import ebbtide.engine.random.Generator;

/** Draws parameters into a flat array, one tensor after another. */
record StartingWeights(Layout layout, float[] flat, Generator random) {
    /** W, U of each recurrence, the projection, both biases, then what the cell starts otherwise. */
    void fill(
            Cell cell, int hidden, String suffix, Initializer input, Initializer recurrent) {
        fillGates(cell, hidden, "weight_ih" + suffix, input);
        for (int i = 0; i < cell.delays().size(); i++) {
            fillGates(cell, hidden, LayerWeights.recurrentName(i, suffix), recurrent);
        }
        if (cell.features(hidden) < hidden) {
            fill("weight_hr" + suffix, recurrent);
        }
        Initializer bias = Initializers.uniform(1 / Math.sqrt(hidden));
        fill("bias_ih" + suffix, bias);
        fill("bias_hh" + suffix, bias);
        cell.initialize(layout, flat, suffix, random);
    }

    /** Fills a matrix gate by gate: each gate's H rows are a matrix of their own. */
    private void fillGates(Cell cell, int hidden, String name, Initializer init) {
        Layout.Slot slot = layout.slot(name);
        float[] dense = new float[slot.elements()];
        float[] gate = new float[hidden * slot.columns()];
        for (int g = 0; g < cell.gates(); g++) {
            init.fill(gate, hidden, slot.columns(), random);
            System.arraycopy(gate, 0, dense, g * gate.length, gate.length);
        }
        layout.write(flat, name, dense);
    }

    /** Fills one tensor. */
    void fill(String name, Initializer init) {
        Layout.Slot slot = layout.slot(name);
        float[] dense = new float[slot.elements()];
        init.fill(dense, slot.rows(), slot.columns(), random);
        layout.write(flat, name, dense);
    }
}
