package ebbtide.engine.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import ebbtide.engine.io.StoredTensor.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The header of a safetensors file: {@link HeaderParser} reads it, {@link #format} writes it. */
record Header(Map<String, String> metadata, List<Entry> entries) {
    static final String METADATA = "__metadata__";

    /** One tensor: its bytes stand at [begin, end) after the header. */
    record Entry(String name, Type type, long[] shape, long begin, long end) {
        /** The number of elements; {@link Header#inOrder} has made sure that it fits an array. */
        int elements() {
            return (int) ((end - begin) / type.bytes());
        }
    }

    static Header parse(Path file, String json) throws IOException {
        return new HeaderParser(file, json).parse();
    }

    /**
     * Returns the tensors in the order of their bytes, after making sure that each has the size of
     * its shape and that together they are exactly the rest of the file.
     *
     * @param start of the tensors' bytes
     * @param size of the file
     */
    List<Entry> inOrder(Path file, long start, long size) throws InvalidFileException {
        List<Entry> ordered = new ArrayList<>(entries);
        // Tensors without elements go before the one that begins where they do.
        ordered.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long next = 0;
        for (Entry entry : ordered) {
            requireSize(file, entry);
            if (entry.begin != next) {
                throw new InvalidFileException(
                        file,
                        "%s: expected its bytes to begin at %d, where the tensor before ends, the header says %d (%s)"
                                .formatted(
                                        entry.name,
                                        next,
                                        entry.begin,
                                        entry.begin < next ? "overlap" : "hole"));
            }
            next = entry.end;
        }
        if (next != size - start) {
            throw new InvalidFileException(
                    file,
                    "expected %d bytes of tensors, as the header says, got %d (%s)"
                            .formatted(
                                    next, size - start,
                                    next > size - start ? "truncated" : "too long"));
        }
        return ordered;
    }

    private static void requireSize(Path file, Entry entry) throws InvalidFileException {
        String shape = Arrays.toString(entry.shape);
        long elements = 1;
        try {
            for (long dimension : entry.shape) {
                elements = Math.multiplyExact(elements, dimension);
            }
            Math.multiplyExact(elements, entry.type.bytes());
        } catch (ArithmeticException e) {
            throw new InvalidFileException(
                    file,
                    "%s: shape %s holds more bytes than any file".formatted(entry.name, shape));
        }
        if (entry.begin > entry.end || entry.end - entry.begin != elements * entry.type.bytes()) {
            throw new InvalidFileException(
                    file,
                    "%s: shape %s of %s takes %d bytes, data_offsets are [%d, %d]"
                            .formatted(
                                    entry.name,
                                    shape,
                                    entry.type,
                                    elements * entry.type.bytes(),
                                    entry.begin,
                                    entry.end));
        }
        if (elements > Integer.MAX_VALUE - 8) {
            throw new InvalidFileException(
                    file,
                    "%s: expected at most 2^31 - 9 elements, what one array holds, got %d"
                            .formatted(entry.name, elements));
        }
    }

    /**
     * Returns the tensors with those of wide elements first, so that all are aligned in the file.
     */
    static List<StoredTensor> aligned(Collection<StoredTensor> tensors) {
        Set<String> names = new HashSet<>();
        for (StoredTensor tensor : tensors) {
            if (tensor.type() != Type.F32 && tensor.type() != Type.I64) {
                throw new IllegalArgumentException("expected type F32 or I64, got " + tensor);
            }
            if (tensor.name().equals(METADATA) || !names.add(tensor.name())) {
                throw new IllegalArgumentException(
                        "tensor name %s: taken; expected names that differ"
                                .formatted(tensor.name()));
            }
        }
        return tensors.stream()
                .sorted(Comparator.comparingInt((StoredTensor t) -> -t.type().bytes()))
                .toList();
    }

    static int length(StoredTensor tensor) {
        return tensor.type() == Type.F32 ? tensor.floats().length : tensor.longs().length;
    }

    /**
     * Returns the header's bytes, padded with spaces so that the tensors start at a multiple of 8.
     */
    static byte[] format(Map<String, String> metadata, List<StoredTensor> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> text : metadata.entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (StoredTensor tensor : tensors) {
                long end = offset + (long) length(tensor) * tensor.type().bytes();
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.type().name());
                json.writeFieldName("shape");
                json.writeArray(tensor.shape(), 0, tensor.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            // The stream is memory: only text that is no text (a lone surrogate) gets here.
            throw new UncheckedIOException("name or metadata cannot be written as UTF-8", e);
        }
        bytes.writeBytes(" ".repeat(-bytes.size() & 7).getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
