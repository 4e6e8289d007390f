package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LyingFilesTest {
    @TempDir
    Path folder;

    private static Arguments row(String what, byte[] bytes, String message) {
        return Arguments.of(what, bytes, message);
    }

    private static Arguments header(String what, String header, int data, String message) {
        return row(what, Bytes.file(header, data), message);
    }

    /** One tensor of two floats; the format of the entry is the case's. */
    private static Arguments entry(String what, String entry, String message) {
        return header(what, "{\"w\":{" + entry + "}}", 8, message);
    }

    private static byte[] length(long says, int really) {
        return ByteBuffer.allocate(8 + really).order(ByteOrder.LITTLE_ENDIAN).putLong(says).array();
    }

    static Stream<Arguments> wholeFiles() {
        byte[] sound = Bytes.file("{\"w\":" + W + "}", 8);
        return Stream.of(
                row("empty", new byte[0], "at least 8 bytes, got 0"),
                row("seven bytes", new byte[7], "at least 8 bytes, got 7"),
                row("header of none", length(0, 0), "a header of 2 to"),
                row("header of one", length(1, 5), "a header of 2 to 5 bytes, the file says 1"),
                row("header beyond the file", length(6, 5), "the file says 6"),
                row("header of 2^62", length(1L << 62, 100), "the file says 4611686018427387904"),
                row("header of -1", length(-1, 100), "the file says 18446744073709551615"),
                row("truncated", Arrays.copyOf(sound, sound.length - 1), "truncated"),
                row("no data", Arrays.copyOf(sound, sound.length - 8), "truncated"),
                row("too long", Arrays.copyOf(sound, sound.length + 1), "too long"),
                row(
                        "not UTF-8",
                        Bytes.file(new byte[] {'{', '"', (byte) 0xff, '"', '}'}, 0),
                        "UTF-8"),
                row(
                        "UTF-16",
                        Bytes.file("{}".getBytes(StandardCharsets.UTF_16LE), 0),
                        "JSON"),
                row("a text", "The quick brown fox jumps".getBytes(), "a header of 2 to"));
    }

    private static final String W = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    static Stream<Arguments> headers() {
        return Stream.of(
                header("not JSON", "hello world", 0, "starts with '{', got 'h'"),
                header("an array", "[]", 0, "starts with '{'"),
                header("space first", " {}", 0, "starts with '{'"),
                header("byte order mark", "\uFEFF{}", 0, "starts with '{'"),
                header("unfinished", "{\"w\":", 0, "JSON"),
                header("unquoted", "{w:1}", 0, "JSON"),
                header("comment", "{/* */}", 0, "JSON"),
                header("more behind", "{}{}", 0, "nothing after"),
                header("same name twice", "{\"w\":" + W + ",\"w\":" + W + "}", 8, "Duplicate"),
                header("not an object", "{\"w\":[0]}", 0, "w: expected START_OBJECT"),
                header("null", "{\"w\":null}", 0, "w: expected START_OBJECT"),
                header("deep", "{\"w\":" + "[".repeat(5000) + "}", 0, "expected"),
                header("metadata a text", "{\"__metadata__\":\"x\"}", 0, "__metadata__"),
                header("metadata a number", "{\"__metadata__\":{\"a\":1}}", 0, "metadata a"),
                header("metadata nested", "{\"__metadata__\":{\"a\":{}}}", 0, "metadata a"),
                header(
                        "metadata twice",
                        "{\"__metadata__\":{},\"__metadata__\":{}}",
                        0,
                        "Duplicate"),
                header(
                        "metadata key twice",
                        "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}",
                        0,
                        "Duplicate"));
    }

    static Stream<Arguments> entries() {
        String offsets = "\"data_offsets\":[0,8]";
        String f32 = "\"dtype\":\"F32\",";
        return Stream.of(
                entry("no type", "\"shape\":[2]," + offsets, "not all are there"),
                entry("no shape", f32 + offsets, "not all are there"),
                entry("no offsets", f32 + "\"shape\":[2]", "not all are there"),
                entry("one offset", f32 + "\"shape\":[2],\"data_offsets\":[0]", "not all are"),
                entry("3 offsets", f32 + "\"shape\":[2],\"data_offsets\":[0,4,8]", "not all"),
                entry("a field more", f32 + "\"shape\":[2],\"x\":1," + offsets, "got x"),
                entry("field twice", f32 + f32 + "\"shape\":[2]," + offsets, "Duplicate"),
                entry("half floats", "\"dtype\":\"F16\",\"shape\":[4]," + offsets, "got F16"),
                entry("type a number", "\"dtype\":32,\"shape\":[2]," + offsets, "w dtype"),
                entry("shape a number", f32 + "\"shape\":2," + offsets, "w shape"),
                entry("shape of texts", f32 + "\"shape\":[\"2\"]," + offsets, "w shape"),
                entry("shape of fractions", f32 + "\"shape\":[2.0]," + offsets, "w shape"),
                entry("shape of shapes", f32 + "\"shape\":[[2]]," + offsets, "w shape"),
                entry("negative", f32 + "\"shape\":[-2]," + offsets, "at least 0, got -2"),
                entry("2 negatives", f32 + "\"shape\":[-2,-1]," + offsets, "at least 0"),
                entry("too small", f32 + "\"shape\":[1]," + offsets, "takes 4 bytes"),
                entry("too large", f32 + "\"shape\":[3]," + offsets, "takes 12 bytes"),
                entry("2^63", f32 + "\"shape\":[9223372036854775808]," + offsets, "JSON"),
                entry("1e999", f32 + "\"shape\":[1e999]," + offsets, "w shape"),
                entry(
                        "product beyond 2^63",
                        f32 + "\"shape\":[4294967296,4294967296]," + offsets,
                        "more bytes than any file"),
                entry(
                        "product 0 modulo 2^64",
                        f32 + "\"shape\":[4294967296,4294967296,2]," + offsets,
                        "more bytes than any file"),
                entry(
                        "bytes beyond 2^63",
                        f32 + "\"shape\":[4611686018427387904]," + offsets,
                        "more bytes than any file"),
                entry(
                        "size of 2^40",
                        f32 + "\"shape\":[1099511627776],\"data_offsets\":[0,4398046511104]",
                        "at most 2^31 - 9"),
                entry(
                        "size of 2^20",
                        f32 + "\"shape\":[1048576],\"data_offsets\":[0,4194304]",
                        "truncated"),
                entry("ends first", f32 + "\"shape\":[2],\"data_offsets\":[8,0]", "takes 8"),
                entry("hole first", f32 + "\"shape\":[1],\"data_offsets\":[4,8]", "hole"),
                entry("hole last", f32 + "\"shape\":[1],\"data_offsets\":[0,4]", "too long"));
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of("[0,8]", "[8,16]", 16, null),
                Arguments.of("[8,16]", "[0,8]", 16, null),
                Arguments.of("[0,8]", "[0,8]", 8, "overlap"),
                Arguments.of("[0,8]", "[4,12]", 12, "overlap"),
                Arguments.of("[0,8]", "[12,20]", 20, "hole"),
                Arguments.of("[0,8]", "[8,16]", 15, "truncated"),
                Arguments.of("[0,8]", "[8,16]", 17, "too long"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wholeFiles", "headers", "entries"})
    void liesAreFound(String what, byte[] bytes, String message) throws IOException {
        Path file = Bytes.write(folder, bytes);
        String found =
                assertThrows(InvalidFileException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(found.contains(message), found);
        assertTrue(found.startsWith(file + ": "), found);
        assertFalse(found.contains("\n"), found);
        assertTrue(found.contains("expected") || found.contains("takes")
                || found.contains("holds"), found);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void twoTensorsFillTheFileExactly(String a, String b, int data, String message)
            throws IOException {
        String entry = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}";
        String header = "{\"a\":" + entry.formatted(a) + ",\"b\":" + entry.formatted(b) + "}";
        Path file = Bytes.write(folder, Bytes.file(header, data));
        if (message == null) {
            assertEquals(2, Safetensors.read(file).tensors().size());
        } else {
            String found =
                    assertThrows(InvalidFileException.class, () -> Safetensors.read(file))
                            .getMessage();
            assertTrue(found.contains(message), found);
        }
    }

    @Test
    void namesWithControlCharactersStayOnOneLine() throws IOException {
        String name = "a\\n\\u001b[31m" + "x".repeat(10_000);
        Path file = Bytes.write(folder, Bytes.file("{\"" + name + "\":7}", 0));
        String found =
                assertThrows(InvalidFileException.class, () -> Safetensors.read(file)).getMessage();
        assertTrue(found.codePoints().noneMatch(Character::isISOControl) && found.length() < 1000);
    }

    @Test
    void filesThatAreNotThereAreOrdinaryErrors() throws IOException {
        assertThrows(
                NoSuchFileException.class, () -> Safetensors.read(folder.resolve("missing")));
        Files.createDirectory(folder.resolve("sub"));
        assertThrows(IOException.class, () -> Safetensors.read(folder.resolve("sub")));
    }
}
