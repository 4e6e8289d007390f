package ebbtide.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A golden case from the test resources, a safetensors file: the header's length in 8 bytes, a JSON
 * header, then the tensors. Reads what PyTorch's writer makes of plain names, not any JSON.
 */
final class GoldenFile {
    private static final Pattern TENSOR = Pattern.compile(
            "\"([^\"]+)\":\\{\"dtype\":\"(\\w+)\",\"shape\":\\[([\\d,]*)\\],\"data_offsets\":\\[(\\d+),(\\d+)\\]\\}");
    private static final Pattern SETTING = Pattern.compile("\"([^\"]+)\":\"([^\"]*)\"");

    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, double[]> tensors = new HashMap<>();

    GoldenFile(String name) {
        ByteBuffer file = ByteBuffer.wrap(bytes("/golden/" + name + ".safetensors"));
        file.order(ByteOrder.LITTLE_ENDIAN);
        int start = 8 + Math.toIntExact(file.getLong());
        String header = new String(file.array(), 8, start - 8, StandardCharsets.UTF_8);
        Matcher metadata = Pattern.compile("\"__metadata__\":\\{([^}]*)\\}").matcher(header);
        if (metadata.find()) {
            Matcher m = SETTING.matcher(metadata.group(1));
            while (m.find()) {
                settings.put(m.group(1), m.group(2));
            }
        }
        Matcher m = TENSOR.matcher(header);
        while (m.find()) {
            int from = start + Integer.parseInt(m.group(4));
            int to = start + Integer.parseInt(m.group(5));
            tensors.put(m.group(1), read(file, m.group(2), from, to));
        }
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = GoldenFile.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }

    private static double[] read(ByteBuffer file, String type, int from, int to) {
        int size = type.equals("F32") ? 4 : 8;
        double[] x = new double[(to - from) / size];
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (type) {
                case "F32" -> file.getFloat(from + 4 * i);
                case "F64" -> file.getDouble(from + 8 * i);
                case "I64" -> file.getLong(from + 8 * i);
                default -> throw new AssertionError(type);
            };
        }
        return x;
    }

    double[] tensor(String name) {
        if (!tensors.containsKey(name)) {
            throw new AssertionError("no " + name + " among " + tensors.keySet());
        }
        return tensors.get(name);
    }

    String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    double number(String name, double otherwise) {
        return settings.containsKey(name) ? Double.parseDouble(settings.get(name)) : otherwise;
    }
}
