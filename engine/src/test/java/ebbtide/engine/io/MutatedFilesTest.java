package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.random.Generator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of damaged files: each is read as a whole or refused with the one exception. */
class MutatedFilesTest {
    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "0", "-1", "1e9", "4294967296",
        "9223372036854775807", "null", "true", "\"w\"", "\"F64\"", "\"F32\"", "\"shape\"",
        "\"data_offsets\"", "\"__metadata__\"", "\u00e9", " ", "\n"
    };

    @TempDir
    Path folder;

    @Test
    void onlyTheDocumentedExceptionEscapes() throws IOException {
        Path sound = folder.resolve("sound.safetensors");
        Safetensors.write(
                sound,
                Map.of("cell", "rnn", "steps", "7"),
                List.of(
                        StoredTensor.longs("random", new long[] {1, 2, 3, 4}, 4),
                        StoredTensor.floats("weight_hh_l0", new float[9], 3, 3),
                        StoredTensor.floats("bias_hh_l0", new float[3], 3)));
        byte[] bytes = Files.readAllBytes(sound);
        int refused = 0;
        int read = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Path file = Bytes.write(folder, mutated(bytes, Generator.of(seed)));
            try {
                Safetensors.Contents contents = Safetensors.read(file);
                long data = 0;
                for (StoredTensor tensor : contents.tensors().values()) {
                    data += Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b)
                            * tensor.type().bytes();
                }
                assertTrue(data < Files.size(file), "seed " + seed + " read more than there is");
                read++;
            } catch (InvalidFileException e) {
                assertTrue(!e.getMessage().contains("\n"), "seed " + seed + ": " + e.getMessage());
                refused++;
            } catch (RuntimeException | IOException | OutOfMemoryError | StackOverflowError e) {
                throw new AssertionError("seed " + seed + " gave " + e, e);
            }
        }
        assertTrue(refused > 1500 && read > 50, refused + " refused, " + read + " read");
    }

    private static byte[] mutated(byte[] sound, Generator random) {
        int header = (int) ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return switch (random.nextInt(5)) {
            case 0 -> flipped(sound, sound.length, random);
            case 1 -> flipped(sound, 8 + header, random);
            case 2 -> Arrays.copyOf(sound, random.nextInt(sound.length + 20));
            default -> withPieces(sound, header, random);
        };
    }

    private static byte[] flipped(byte[] sound, int below, Generator random) {
        byte[] bytes = sound.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            bytes[random.nextInt(below)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** The header with parts replaced, its length put right so that the parser sees all of it. */
    private static byte[] withPieces(byte[] sound, int header, Generator random) {
        StringBuilder text =
                new StringBuilder(new String(sound, 8, header, StandardCharsets.UTF_8));
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(6));
            text.replace(from, to, PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] changed = text.toString().getBytes(StandardCharsets.UTF_8);
        int data = sound.length - 8 - header;
        return ByteBuffer.allocate(8 + changed.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(changed.length)
                .put(changed)
                .put(sound, 8 + header, data)
                .array();
    }
}
