package ebbtide.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes safetensors files (github.com/huggingface/safetensors):
 *
 * <pre>
 *   8 bytes   n, little-endian
 *   n bytes   header, JSON in UTF-8, padded with spaces:
 *             {"__metadata__": {"key": "text", ...},
 *              "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
 *   rest      the tensors' bytes, little-endian, without holes or overlap
 * </pre>
 *
 * F32, F64, I32 and I64 are read, F32 and I64 written. Reading trusts nothing: whatever the bytes
 * are, the result is the whole contents or an {@link InvalidFileException}, and memory is bounded
 * by a small multiple of the file's size.
 */
public final class Safetensors {
    /** The largest header that the format's own library accepts. */
    private static final long LARGEST_HEADER = 100_000_000;

    private static final int CHUNK = 1 << 16;

    private Safetensors() {}

    /**
     * What a file holds.
     *
     * @param metadata texts by key, in the file's order; unmodifiable
     * @param tensors tensors by name, in the order of their bytes; unmodifiable
     */
    public record Contents(Map<String, String> metadata, Map<String, StoredTensor> tensors) {
        /** Wraps the maps so that nobody changes them. */
        public Contents {
            metadata = Collections.unmodifiableMap(metadata);
            tensors = Collections.unmodifiableMap(tensors);
        }
    }

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if the file is not a whole and sound safetensors file of these
     *     types
     * @throws IOException if the file cannot be read
     */
    public static Contents read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            String json = readHeader(file, channel, size);
            Header header = Header.parse(file, json);
            List<Header.Entry> entries = header.inOrder(file, channel.position(), size);
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (Header.Entry entry : entries) {
                Object elements = Elements.read(channel, chunk, entry.type(), entry.elements());
                tensors.put(
                        entry.name(),
                        new StoredTensor(entry.name(), entry.type(), entry.shape(), elements));
            }
            return new Contents(header.metadata(), tensors);
        } catch (EOFException e) {
            throw new InvalidFileException(file, "the file became shorter while it was read");
        }
    }

    /**
     * Writes a file, or leaves what was there untouched; see {@link AtomicFile}. The same contents
     * give the same bytes.
     *
     * @param metadata texts by key, without {@code "__metadata__"}'s own braces
     * @param tensors of type F32 or I64, of different names
     * @throws IllegalArgumentException if a type or name is not writable
     * @throws IOException if writing fails; the old file, if any, is as it was
     */
    public static void write(
            Path file, Map<String, String> metadata, Collection<StoredTensor> tensors)
            throws IOException {
        List<StoredTensor> ordered = Header.aligned(tensors);
        byte[] header = Header.format(metadata, ordered);
        AtomicFile.write(
                file,
                channel -> {
                    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
                    chunk.putLong(header.length).flip();
                    Elements.drain(channel, chunk);
                    Elements.drain(channel, ByteBuffer.wrap(header));
                    for (StoredTensor tensor : ordered) {
                        Elements.write(channel, chunk, tensor);
                    }
                });
    }

    private static String readHeader(Path file, FileChannel channel, long size)
            throws IOException {
        if (size < 8) {
            throw new InvalidFileException(
                    file,
                    "expected a safetensors file of at least 8 bytes, got %d".formatted(size));
        }
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        Elements.fill(channel, prefix);
        long length = prefix.flip().getLong();
        long most = Math.min(size - 8, LARGEST_HEADER);
        if (length < 2 || length > most) {
            throw new InvalidFileException(
                    file,
                    "expected a header of 2 to %d bytes, the file says %s"
                            .formatted(most, Long.toUnsignedString(length)));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        Elements.fill(channel, bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "expected a header in UTF-8, found other bytes");
        }
    }
}
