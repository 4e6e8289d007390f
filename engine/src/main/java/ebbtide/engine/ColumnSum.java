package ebbtide.engine;

/**
 * The gradient of a parameter that stands for itself in every unit, Σ dz ⊙ a over steps and rows: a bias
 * (a = 1), a rate, a peephole.
 *
 * @param slot the parameter
 * @param first its element that belongs to unit 0
 * @param segment the segment of dz
 * @param factor a, or null for 1
 * @param shift what to add to the step to find its row of a
 */
record ColumnSum(Layout.Slot slot, int first, int segment, StepRows factor, int shift) {
    static ColumnSum bias(Layout.Slot slot, int first, int segment) {
        return new ColumnSum(slot, first, segment, null, 0);
    }
}
