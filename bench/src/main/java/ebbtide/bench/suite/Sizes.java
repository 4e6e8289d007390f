package ebbtide.bench.suite;

import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.Workload;
import java.util.ArrayList;
import java.util.List;

/** The cells and sizes that are timed when nobody names others. */
final class Sizes {
    /** A step's cell and shape. */
    record Step(StepCell cell, Shape shape) {}

    /** M, N, K. */
    record Product(int m, int n, int k) {}

    private static final List<StepCell> PUBLISHED = List.of(
            StepCell.SIGMOID, StepCell.TANH, StepCell.RELU, StepCell.LSTM, StepCell.GRU);

    private Sizes() {
    }

    /** A small grid: minutes. */
    static List<Step> quickSteps() {
        List<Step> steps = new ArrayList<>();
        for (String shape : List.of(
                "16,4,32,32", "64,1,64,64", "64,1,128,128", "64,16,128,128", "512,8,128,128",
                "64,20,65,100", "64,32,64,64", "64,32,128,128", "64,32,256,256", "64,32,512,512",
                "128,64,512,512")) {
            steps.add(new Step(StepCell.SIGMOID, Shape.parse(shape)));
        }
        steps.add(new Step(StepCell.TANH, Shape.parse("64,16,128,128")));
        steps.add(new Step(StepCell.RELU, Shape.parse("64,16,128,128")));
        for (StepCell cell : List.of(StepCell.LSTM, StepCell.GRU)) {
            steps.add(new Step(cell, Shape.parse("64,16,128,128")));
            steps.add(new Step(cell, Shape.parse("64,32,256,256")));
        }
        return steps;
    }

    /**
     * The grid of {@code cells}, all that are published if null: T, B and I = H each over its range, and
     * sizes that are no multiple of anything next to the multiples of 16 above them.
     *
     * @param most operations of a step; what takes more is left out
     */
    static List<Step> grid(List<StepCell> cells, double most) {
        List<Step> steps = new ArrayList<>();
        for (StepCell cell : cells == null ? PUBLISHED : cells) {
            for (int t : List.of(16, 64, 200)) {
                for (int b : List.of(1, 4, 8, 16, 32, 64, 128)) {
                    for (int h : List.of(64, 128, 256, 512, 1024)) {
                        steps.add(new Step(cell, new Shape(t, b, h, h)));
                    }
                }
            }
            for (int h : List.of(65, 80, 100, 112, 300, 304)) {
                steps.add(new Step(cell, new Shape(64, 32, h, h)));
            }
        }
        steps.removeIf(s -> Workload.step(s.shape(), s.cell()).flops() > most);
        return steps;
    }

    /** The whole grid, and for ReLU the vanilla shapes of Baidu's DeepBench. */
    static List<Step> fullSteps(List<StepCell> cells) {
        List<Step> steps = grid(cells, Double.POSITIVE_INFINITY);
        if (cells == null || cells.contains(StepCell.RELU)) {
            for (int h : List.of(1760, 2048, 2560)) {
                for (int b : List.of(16, 32, 64, 128)) {
                    steps.add(new Step(StepCell.RELU, new Shape(50, b, h, h)));
                }
            }
        }
        return steps;
    }

    static List<Product> quickProducts() {
        return List.of(
                new Product(1, 128, 128), new Product(8, 128, 128), new Product(16, 128, 128),
                new Product(1, 512, 512), new Product(4, 256, 256), new Product(32, 256, 256),
                new Product(64, 512, 512), new Product(128, 1024, 1024));
    }

    static List<Product> fullProducts() {
        List<Product> products = new ArrayList<>();
        for (int m : List.of(1, 2, 4, 8, 16, 32, 64, 128)) {
            for (int n : List.of(128, 256, 512, 1024)) {
                products.add(new Product(m, n, n));
            }
        }
        return products;
    }
}
