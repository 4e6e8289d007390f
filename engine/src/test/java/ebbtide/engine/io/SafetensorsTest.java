package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        float[] special = {
            0f, -0f, 1.5f, Float.MIN_VALUE, -Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY
        };
        long[] state = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE};
        float[] large = new float[100_001]; // More than the buffer holds.
        for (int i = 0; i < large.length; i++) {
            large[i] = i;
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "last letter first");
        metadata.put("a", "quote \" backslash \\ newline \n Ωμέγα 🎲");
        metadata.put("", "");
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(
                file,
                metadata,
                List.of(
                        StoredTensor.floats("special", special, 7),
                        StoredTensor.longs("state", state, 2, 2),
                        StoredTensor.floats("large", large, 1, 100_001),
                        StoredTensor.floats("number", new float[] {3}),
                        StoredTensor.floats("none", new float[0], 5, 0),
                        StoredTensor.floats("имя \"x\"", new float[] {1, 2}, 2, 1)));
        Safetensors.Contents contents = Safetensors.read(file);

        assertEquals(metadata, contents.metadata());
        assertEquals(List.copyOf(metadata.keySet()), List.copyOf(contents.metadata().keySet()));
        assertEquals(6, contents.tensors().size());
        assertArrayEquals(special, contents.tensors().get("special").floats());
        assertArrayEquals(state, contents.tensors().get("state").longs());
        assertArrayEquals(new long[] {2, 2}, contents.tensors().get("state").shape());
        assertArrayEquals(large, contents.tensors().get("large").floats());
        assertArrayEquals(new long[0], contents.tensors().get("number").shape());
        assertArrayEquals(new float[] {3}, contents.tensors().get("number").floats());
        assertArrayEquals(new long[] {5, 0}, contents.tensors().get("none").shape());
        assertArrayEquals(new float[] {1, 2}, contents.tensors().get("имя \"x\"").floats());
        assertThrows(
                UnsupportedOperationException.class, () -> contents.metadata().put("b", "c"));
    }

    /** Every byte: length, header padded to a multiple of 8, wide elements first, little-endian. */
    @Test
    void bytesAreTheFormats() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(
                file,
                Map.of("k", "v"),
                List.of(
                        StoredTensor.floats("f", new float[] {1, -2}, 2),
                        StoredTensor.longs("l", new long[] {3})));
        String header =
                "{\"__metadata__\":{\"k\":\"v\"},"
                        + "\"l\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                        + "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}";
        String padded = header + " ".repeat(-header.length() & 7);
        ByteBuffer expected =
                ByteBuffer.allocate(8 + padded.length() + 16).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(padded.length());
        expected.put(padded.getBytes(StandardCharsets.US_ASCII));
        expected.putLong(3).putFloat(1).putFloat(-2);
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
    }

    @Test
    void allFourTypesAreReadInAnyOrder() throws IOException {
        String header =
                "{\"i\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[16,24]},"
                        + "\"d\":{\"data_offsets\":[0,16],\"shape\":[1,2],\"dtype\":\"F64\"},"
                        + "\"e\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[16,16]},"
                        + "\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[24,28]}}   ";
        byte[] bytes = Bytes.file(header, 28);
        ByteBuffer data =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(bytes.length - 28);
        data.putDouble(Math.PI).putDouble(-0.0).putInt(-7).putInt(8).putFloat(2.5f);
        Map<String, StoredTensor> tensors =
                Safetensors.read(Bytes.write(folder, bytes)).tensors();
        assertEquals(List.of("d", "e", "i", "f"), List.copyOf(tensors.keySet()));
        assertArrayEquals(new double[] {Math.PI, -0.0}, tensors.get("d").doubles());
        assertArrayEquals(new int[] {-7, 8}, tensors.get("i").ints());
        assertArrayEquals(new float[] {2.5f}, tensors.get("f").floats());
        assertArrayEquals(new long[0], tensors.get("e").longs());
        assertThrows(IllegalStateException.class, () -> tensors.get("d").floats());
        assertThrows(IllegalStateException.class, () -> tensors.get("f").ints());
    }

    @Test
    void smallestFilesAreFiles() throws IOException {
        Safetensors.Contents empty = Safetensors.read(Bytes.write(folder, Bytes.file("{}", 0)));
        assertTrue(empty.tensors().isEmpty() && empty.metadata().isEmpty());
        Path file = folder.resolve("empty.safetensors");
        Safetensors.write(file, Map.of(), List.of());
        assertTrue(Safetensors.read(file).tensors().isEmpty());
    }

    @Test
    void filesOfPyTorchAreRead() throws IOException {
        Safetensors.Contents golden = Golden.read("rnn_sigmoid_lengths");
        assertEquals("sigmoid", golden.metadata().get("activation"));
        assertArrayEquals(new long[] {11, 5, 9}, golden.tensors().get("y").shape());
        assertEquals(11 * 5 * 9, golden.tensors().get("y").doubles().length);
        assertEquals(5, golden.tensors().get("lengths").longs().length);
        assertEquals("y F64[11, 5, 9]", golden.tensors().get("y").toString());
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeAFileExists() {
        StoredTensor a = StoredTensor.floats("a", new float[1]);
        refused(List.of(a, StoredTensor.longs("a", new long[1])));
        refused(List.of(StoredTensor.floats("__metadata__", new float[1])));
        refused(List.of(new StoredTensor("d", StoredTensor.Type.F64, new long[0], new double[1])));
        assertThrows(
                IllegalArgumentException.class, () -> StoredTensor.floats("a", new float[3], 2));
        assertThrows(
                IllegalArgumentException.class, () -> StoredTensor.longs("a", new long[2], -1, -2));
        assertEquals(0, folder.toFile().list().length);
    }

    private void refused(List<StoredTensor> tensors) {
        Path file = folder.resolve("refused.safetensors");
        assertThrows(
                IllegalArgumentException.class, () -> Safetensors.write(file, Map.of(), tensors));
    }
}
