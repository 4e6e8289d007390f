package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.peers.Peers;
import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Row;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.Speed;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.Workload;
import ebbtide.bench.suite.Suite;
import ebbtide.kernels.KernelSelection;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a report warns of, and what it fails on. */
class BenchReportTest {
    private static final Ratio FINE = new Ratio(0.8, 0.7, 1.1);
    private static final Ratio ABOVE = new Ratio(1.04, 1.03, 1.05);
    private static final Ratio NOTHING = new Ratio(Double.NaN, Double.NaN, Double.NaN);

    @Test
    void failsOnWeakPeakAndOnAllocation() {
        assertTrue(fine(ours(FINE, FINE, 0), peer(FINE, 1)));
        assertFalse(fine(ours(ABOVE, FINE, 0), peer(FINE, 1)));
        assertFalse(fine(ours(FINE, ABOVE, 0), peer(FINE, 1)));
        assertFalse(fine(ours(FINE, FINE, 24), peer(FINE, 1)));
        assertFalse(fine(ours(NOTHING, FINE, 0), peer(FINE, 1)));
        assertFalse(fine(ours(FINE, FINE, 0), peer(ABOVE, 1)), "a peer above the peak");
    }

    /** Recorded for oneDNN at this shape on one core: 99.8 of 115 GFLOP/s, 87 %. */
    @ParameterizedTest
    @CsvSource({"0.87, 0", "0.75, 0", "0.99, 0", "0.73, 1", "1.01, 1", "NaN, 1"})
    void warnsOfPeersThatAreOffTheRecord(double share, int warnings) {
        BenchReport report = report(ours(FINE, FINE, 0), peer(new Ratio(share, share, 1), 1));
        assertEquals(warnings, report.warnings().size(), report.warnings().toString());
    }

    @Test
    void warnsOfOtherProcesses() {
        BenchReport report =
                report(ours(FINE, FINE, 0), peer(new Ratio(0.87, 0.87, 0.87), 0.9));
        assertEquals(1, report.warnings().size());
        assertTrue(report.warnings().get(0).contains("10 % of the processor"));
    }

    @Test
    void tablesShowRatiosAndLeaveOutWhoWasAbsent() {
        List<String> lines =
                report(ours(FINE, FINE, 0), peer(FINE, 1)).table().lines();
        assertTrue(lines.get(0).contains("x onednn, packed"), lines.get(0));
        assertFalse(lines.get(0).contains("openblas"), lines.get(0));
        assertTrue(lines.get(1).contains("64,32,256,256  sigmoid"), lines.get(1));
        assertTrue(lines.get(1).contains("1.25 [1.20, 1.30]"), lines.get(1));
        String[] markdown =
                report(ours(FINE, FINE, 0), peer(FINE, 1)).table().markdown().split("\n");
        assertEquals(3, markdown.length);
        assertEquals(markdown[0].split("\\|").length, markdown[1].split("\\|").length);
    }

    @Test
    void meansOverAGridAreGeometric() {
        List<Row> rows = new ArrayList<>();
        for (double value : new double[] {0.5, 2, 8}) {
            Map<String, Ratio> ratio =
                    Map.of(Peers.ONEDNN, new Ratio(value, value - 0.1, value + 0.1));
            Map<String, Ratio> packed =
                    Map.of(Peers.ONEDNN, new Ratio(1 / value, 1 / value, 1 / value));
            rows.add(new Row(
                    Workload.step(new Shape(16, (int) (2 * value), 64, 64), StepCell.LSTM), 2, 100,
                    ours(FINE, FINE, 0), List.of(), ratio, packed));
        }
        List<GridMean> means = GridMean.of(rows);
        assertEquals(1, means.size());
        GridMean mean = means.get(0);
        assertEquals("lstm", mean.cell());
        assertEquals(2, mean.threads());
        assertEquals(2, mean.mean(), 1e-12);
        assertEquals(0.5, mean.packed(), 1e-12);
        assertEquals(2, mean.met());
        assertEquals(0.5, mean.least());
        assertEquals("16,1,64,64", mean.at());
        assertTrue(GridMean.table(means).lines().get(1).contains("16,1,64,64"));
    }

    private static Figures ours(Ratio whole, Ratio part, double bytes) {
        return new Figures(
                "vector256", new Speed(80, whole), new Speed(79, part), new Speed(70, part),
                new Speed(90, part), bytes, 1);
    }

    private static Figures peer(Ratio share, double processor) {
        return new Figures(
                Peers.ONEDNN, new Speed(70, share), null, null, null, 100, processor);
    }

    private static BenchReport report(Figures ours, Figures peer) {
        Map<String, Ratio> ratios = Map.of(peer.name(), new Ratio(1.25, 1.2, 1.3));
        BenchReport report =
                new BenchReport(Suite.STEP, KernelSelection.selected().kernels(), List.of(1));
        report.add(List.of(new Row(
                Workload.step(new Shape(64, 32, 256, 256), StepCell.SIGMOID), 1, 100, ours,
                List.of(peer), ratios, ratios)));
        return report;
    }

    private static boolean fine(Figures ours, Figures peer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        boolean fine = report(ours, peer).print(new Console(stream, stream), false);
        assertEquals(!fine, out.toString(StandardCharsets.UTF_8).contains("failed: "));
        return fine;
    }
}
