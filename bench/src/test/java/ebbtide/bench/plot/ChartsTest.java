package ebbtide.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.w3c.dom.Element;

class ChartsTest {
    private static final double[] X = {0, 1, 2, 3, 4};

    @Test
    void svgIsOneElementInTheColourOfThePage() throws Exception {
        XYChart chart = Charts.decades(Charts.lines("a < b & \"c\"", "x", "y"));
        Charts.line(chart, "first", X, new double[] {1, 0.1, 0.01, 1e-3, 1e-4});
        Charts.line(chart, "second", X, new double[] {1, 10, 100, 1e3, 1e4});
        Element svg = parse(Charts.svg(chart));
        assertEquals("svg", svg.getTagName());
        assertEquals("a < b & \"c\"", svg.getAttribute("aria-label"));
        assertEquals("0 0 760 430", svg.getAttribute("viewBox"));
        String text = Charts.svg(chart);
        assertTrue(text.contains("currentColor"));
        assertFalse(text.contains("rgb(31,35,40)"));
        assertFalse(text.contains("fill:rgb(255,255,255);stroke:none"), "a white background");
    }

    @Test
    void eachSeriesIsOnePolyline() throws Exception {
        XYChart chart = Charts.lines("t", "x", "y");
        Charts.line(chart, "only", X, new double[] {1, 3, 2, 5, 4});
        // One in the plot of four segments, one in the legend.
        Pattern line = Pattern.compile("stroke:rgb\\(0,114,178\\)[^>]*points=\"([^\"]*)\"");
        List<Integer> lengths = line.matcher(Charts.svg(chart)).results()
                .map(r -> r.group(1).split(" ").length).sorted().toList();
        assertEquals(List.of(2, 5), lengths);
    }

    @Test
    void whatALogarithmCannotShowIsAGap() {
        XYChart chart = Charts.decades(Charts.lines("t", "x", "y"));
        Charts.line(
                chart, "holes", X, new double[] {1, 0, -1, Double.POSITIVE_INFINITY, 0.5});
        double[] shown = chart.getSeries("holes").getYData();
        assertEquals(1, shown[0]);
        for (int i = 1; i < 4; i++) {
            assertTrue(Double.isNaN(shown[i]), "point " + i);
        }
        assertTrue(Charts.png(chart).length > 1000);
    }

    @Test
    void heatRunsFromDarkToLight() throws IOException {
        HeatMapChart chart = Charts.heat(
                "t", "x", "y", List.of("a", "b"), List.of("c"), new double[][] {{-7, 7}}, 0, 1);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Charts.png(chart)));
        assertEquals(760, image.getWidth());
        // The two cells fill the plot; what is out of range is shown as the end of the range.
        assertEquals(0x00224E, image.getRGB(200, 200) & 0xFFFFFF);
        assertEquals(0xFEE838, image.getRGB(500, 200) & 0xFFFFFF);
    }

    private static Element parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        xml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getDocumentElement();
    }
}
