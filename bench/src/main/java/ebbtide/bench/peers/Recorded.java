package ebbtide.bench.peers;

import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.Row;
import java.util.List;
import java.util.Optional;

/**
 * Figures of peers as somebody once measured them, on one core of an AMD EPYC (Zen 4) with an FMA peak of
 * {@value #PEAK} GFLOP/s, in November 2026 (oneDNN 3.13, OpenBLAS 0.3.31). In share of the peak they
 * tell whether a peer of today is in good health.
 *
 * @param peer who
 * @param cell what
 * @param sizes T, B, I, H or M, N, K
 * @param threads how many
 * @param gflops of all threads together
 */
public record Recorded(
        String peer, String cell, List<Integer> sizes, int threads, double gflops) {
    private static final double PEAK = 115;

    /** A share that is so much off, either way, is worth a warning. */
    private static final double TOLERANCE = 0.15;

    private static final List<Recorded> FIGURES = List.of(
            step("sigmoid", 64, 1, 64, 64, 1, 26.6),
            step("sigmoid", 64, 1, 128, 128, 1, 51.5),
            step("sigmoid", 64, 1, 256, 256, 1, 69),
            step("sigmoid", 64, 1, 512, 512, 1, 68),
            step("sigmoid", 64, 1, 1024, 1024, 1, 57),
            step("sigmoid", 64, 4, 64, 64, 1, 51),
            step("sigmoid", 64, 4, 128, 128, 1, 84),
            step("sigmoid", 64, 4, 256, 256, 1, 100),
            step("sigmoid", 64, 8, 64, 64, 1, 63),
            step("sigmoid", 64, 8, 256, 256, 1, 102),
            step("sigmoid", 64, 16, 64, 64, 1, 72),
            step("sigmoid", 64, 16, 128, 128, 1, 97.4),
            step("sigmoid", 64, 16, 512, 512, 1, 105),
            step("sigmoid", 64, 64, 64, 64, 1, 77),
            step("sigmoid", 64, 64, 128, 128, 1, 90),
            step("sigmoid", 512, 8, 128, 128, 1, 86.9),
            step("sigmoid", 64, 20, 65, 100, 1, 75),
            step("sigmoid", 64, 32, 100, 300, 1, 94),
            step("sigmoid", 64, 32, 256, 256, 1, 99.8),
            step("sigmoid", 128, 64, 512, 512, 1, 103.9),
            step("sigmoid", 64, 128, 1024, 1024, 1, 102.8),
            step("sigmoid", 64, 1, 64, 64, 2, 22),
            step("sigmoid", 64, 16, 128, 128, 2, 137),
            step("sigmoid", 512, 8, 128, 128, 2, 105),
            step("sigmoid", 64, 32, 256, 256, 2, 196),
            step("sigmoid", 128, 64, 512, 512, 2, 184),
            step("sigmoid", 64, 128, 1024, 1024, 2, 213),
            step("lstm", 64, 1, 64, 64, 1, 47.4),
            step("lstm", 64, 1, 128, 128, 1, 67.9),
            step("lstm", 64, 1, 256, 256, 1, 65),
            step("lstm", 64, 1, 512, 512, 1, 61),
            step("lstm", 64, 1, 1024, 1024, 1, 43),
            step("lstm", 64, 4, 64, 64, 1, 76),
            step("lstm", 64, 4, 128, 128, 1, 96),
            step("lstm", 64, 4, 256, 256, 1, 96),
            step("lstm", 64, 16, 128, 128, 1, 93.5),
            step("lstm", 64, 64, 64, 64, 1, 77),
            step("lstm", 64, 64, 128, 128, 1, 91),
            step("lstm", 512, 8, 128, 128, 1, 93.6),
            step("lstm", 64, 32, 256, 256, 1, 97.5),
            step("lstm", 128, 64, 512, 512, 1, 104.5),
            step("lstm", 64, 128, 1024, 1024, 1, 105.8),
            step("gru", 64, 1, 64, 64, 1, 15.3),
            step("gru", 64, 16, 128, 128, 1, 84.7),
            step("gru", 512, 8, 128, 128, 1, 71.6),
            step("gru", 64, 32, 256, 256, 1, 89.2),
            step("gru", 128, 64, 512, 512, 1, 97.1),
            step("gru", 64, 128, 1024, 1024, 1, 104.3),
            product(8, 128, 128, 116),
            product(32, 256, 256, 73),
            product(64, 512, 512, 88),
            product(128, 1024, 1024, 88));

    private static Recorded step(
            String cell, int t, int b, int i, int h, int threads, double gflops) {
        return new Recorded(Peers.ONEDNN, cell, List.of(t, b, i, h), threads, gflops);
    }

    private static Recorded product(int m, int n, int k, double gflops) {
        return new Recorded(Peers.OPENBLAS, "product", List.of(m, n, k), 1, gflops);
    }

    /** Returns the share of the peak, of as many cores. */
    public double peakShare() {
        return gflops / (PEAK * threads);
    }

    /** Returns the record of a peer's work, if there is one. */
    public static Optional<Recorded> of(Row row, Figures peer) {
        return FIGURES.stream()
                .filter(record -> record.peer.equals(peer.name())
                        && record.cell.equals(row.work().cell())
                        && record.sizes.equals(row.work().sizes())
                        && record.threads == row.threads())
                .findFirst();
    }

    /** Returns whether {@code peer} is off what is recorded here: crippled, or the record no guide. */
    public boolean contradicts(Figures peer) {
        double found = peer.whole().peakShare().value();
        return !(Math.abs(found / peakShare() - 1) <= TOLERANCE);
    }
}
