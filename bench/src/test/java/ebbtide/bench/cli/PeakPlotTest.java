package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.bench.BadInput;
import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Row;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.Speed;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class PeakPlotTest {
    private static final List<Row> ROWS = List.of(
            row(16, 64, 64, 0.5), row(32, 64, 64, 0.6), row(32, 256, 256, 0.8),
            row(32, 128, 128, 0.7), row(1, 128, 128, 0.4), row(32, 100, 300, 0.9));

    private static Row row(int batch, int inputs, int hidden, double share) {
        return new Row(
                Workload.step(new Shape(64, batch, inputs, hidden), StepCell.SIGMOID), 1, 100,
                figures("vector256", share), List.of(figures("onednn", share / 2)), Map.of(),
                Map.of());
    }

    private static Figures figures(String name, double share) {
        Ratio ratio = new Ratio(share, share, share);
        return new Figures(name, new Speed(100 * share, ratio), null, null, null, 0, 1);
    }

    @Test
    void showsTheLongestSeriesInOrder() {
        XYChart overHidden = PeakPlot.charts(ROWS).get(0);
        assertEquals("sigmoid, T = 64, B = 32, one thread", overHidden.getTitle());
        XYSeries ours = overHidden.getSeries("vector256");
        // The chart moves the first point by 1e-4 of the axis, for the sake of round ticks.
        assertArrayEquals(new double[] {6, 7, 8}, ours.getXData(), 1e-3);
        assertArrayEquals(new double[] {60, 70, 80}, ours.getYData(), 1e-9);
        XYSeries peer = overHidden.getSeries("onednn");
        assertArrayEquals(new double[] {30, 35, 40}, peer.getYData(), 1e-9);
        // Two of two rows: H = 128 is nearer to 256 than 64 is.
        assertEquals(
                "sigmoid, T = 64, H = 128, one thread", PeakPlot.charts(ROWS).get(1).getTitle());
    }

    @Test
    void writesBothFiles(@TempDir Path folder) throws IOException {
        List<Path> files = PeakPlot.write(folder.resolve("peak.svg"), ROWS);
        assertEquals(
                List.of(folder.resolve("peak.svg"), folder.resolve("peak.png")), files);
        String svg = Files.readString(files.get(0), StandardCharsets.UTF_8);
        assertTrue(svg.startsWith("<svg ") && svg.strip().endsWith("</svg>"));
        assertEquals(3, svg.split("<svg ", -1).length - 1, "a picture of two charts");
        assertEquals(1520, ImageIO.read(files.get(1).toFile()).getWidth());
        assertThrows(
                BadInput.class, () -> PeakPlot.write(folder.resolve("x"), List.of(ROWS.get(5))));
    }
}
