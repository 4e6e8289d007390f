package ebbtide.kernels;

/** A program that embeds the kernels: prints which it got, and a product that they computed. */
final class PrintSelection {
    private PrintSelection() {}

    public static void main(String[] args) {
        Kernels kernels = KernelSelection.selected().kernels();
        float[] y = {0f};
        kernels.pointwise().apply(Activation.SIGMOID, new float[] {0f}, 0, y, 0, 1);
        System.out.println(kernels.name() + " " + y[0]);
    }
}
