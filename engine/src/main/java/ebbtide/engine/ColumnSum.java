package ebbtide.engine;

import java.util.List;

/**
 * The gradient of parameters that stand for themselves in every unit, Σ dz ⊙ a over steps and rows: biases
 * (a = 1), a rate, a peephole.
 *
 * @param slots the parameters that it belongs to, each as a whole
 * @param first their element that belongs to unit 0
 * @param segment the segment of dz
 * @param factor a, or null for 1
 * @param shift what to add to the step to find its row of a
 */
record ColumnSum(List<Layout.Slot> slots, int first, int segment, StepRows factor, int shift) {
    ColumnSum(Layout.Slot slot, int first, int segment, StepRows factor, int shift) {
        this(List.of(slot), first, segment, factor, shift);
    }

    /** The sum for biases that see the same ∂L/∂z. */
    static ColumnSum biases(int first, int segment, Layout.Slot... slots) {
        return new ColumnSum(List.of(slots), first, segment, null, 0);
    }
}
