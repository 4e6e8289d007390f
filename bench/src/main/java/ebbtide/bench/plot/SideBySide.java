package ebbtide.bench.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.IChart;

/** Charts side by side in one picture, on white. */
public final class SideBySide {
    private static final Pattern SIZE =
            Pattern.compile("viewBox=\"\\S+ \\S+ ([\\d.]+) ([\\d.]+)\"");

    private SideBySide() {
    }

    /** Returns the charts as an SVG file. */
    public static String svg(List<? extends IChart> charts) {
        StringBuilder body = new StringBuilder();
        double width = 0;
        double height = 0;
        for (IChart chart : charts) {
            String element = Charts.svg(chart);
            Matcher size = SIZE.matcher(element);
            if (!size.find()) {
                throw new IllegalArgumentException("expected a chart with a viewBox");
            }
            double wide = Double.parseDouble(size.group(1));
            double high = Double.parseDouble(size.group(2));
            body.append(element.replaceFirst(
                    "<svg ", "<svg x=\"%s\" width=\"%s\" height=\"%s\" ".formatted(
                            width, wide, high)))
                    .append("\n");
            width += wide;
            height = Math.max(height, high);
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" color=\"#1f2328\">\n"
                .formatted(width, height)
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" + body + "</svg>\n";
    }

    /** Returns the charts as a PNG file. */
    public static byte[] png(List<? extends IChart> charts) {
        try {
            List<BufferedImage> images = new ArrayList<>();
            for (IChart chart : charts) {
                images.add(ImageIO.read(new ByteArrayInputStream(Charts.png(chart))));
            }
            int width = images.stream().mapToInt(BufferedImage::getWidth).sum();
            int height = images.stream().mapToInt(BufferedImage::getHeight).max().orElse(1);
            BufferedImage all = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = all.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            int x = 0;
            for (BufferedImage image : images) {
                graphics.drawImage(image, x, 0, null);
                x += image.getWidth();
            }
            graphics.dispose();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(all, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new AssertionError("an array takes and gives every byte", e);
        }
    }
}
