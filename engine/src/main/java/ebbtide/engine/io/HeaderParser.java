package ebbtide.engine.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import ebbtide.engine.io.StoredTensor.Type;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a header strictly: known fields only, each once, each of its own kind. */
final class HeaderParser {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Path file;
    private final String json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Header.Entry> entries = new ArrayList<>();
    private JsonParser parser;

    HeaderParser(Path file, String json) {
        this.file = file;
        this.json = json;
    }

    Header parse() throws IOException {
        if (json.charAt(0) != '{') {
            throw invalid("expected a header that starts with '{', got '%c'", json.charAt(0));
        }
        try (JsonParser own = FACTORY.createParser(json)) {
            parser = own;
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.currentName().equals(Header.METADATA)) {
                    metadata();
                } else {
                    entry(parser.currentName());
                }
            }
            if (parser.nextToken() != null) {
                throw invalid("expected nothing after the header's last '}', got %s",
                        parser.currentToken());
            }
        } catch (JsonProcessingException e) {
            throw invalid("expected a header in JSON: %s", e.getOriginalMessage());
        }
        return new Header(metadata, entries);
    }

    private void metadata() throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, Header.METADATA);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "metadata " + key);
            metadata.put(key, parser.getText());
        }
    }

    private void entry(String name) throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, name);
        Type type = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            switch (parser.currentName()) {
                case "dtype" -> type = type(name);
                case "shape" -> shape = numbers(name + " shape");
                case "data_offsets" -> offsets = numbers(name + " data_offsets");
                default ->
                    throw invalid(
                            "%s: expected dtype, shape and data_offsets, got %s",
                            name, parser.currentName());
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw invalid("%s: expected dtype, shape and two data_offsets, not all are there",
                    name);
        }
        entries.add(new Header.Entry(name, type, shape, offsets[0], offsets[1]));
    }

    private Type type(String name) throws IOException {
        expect(parser.nextToken(), JsonToken.VALUE_STRING, name + " dtype");
        return switch (parser.getText()) {
            case "F32" -> Type.F32;
            case "F64" -> Type.F64;
            case "I32" -> Type.I32;
            case "I64" -> Type.I64;
            default ->
                throw invalid(
                        "%s: expected type F32, F64, I32 or I64, got %s", name, parser.getText());
        };
    }

    private long[] numbers(String what) throws IOException {
        expect(parser.nextToken(), JsonToken.START_ARRAY, what);
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            long number = parser.getLongValue();
            if (number < 0) {
                throw invalid("%s: expected numbers of at least 0, got %d", what, number);
            }
            numbers.add(number);
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private void expect(JsonToken found, JsonToken expected, String what) throws IOException {
        if (found != expected) {
            throw invalid("%s: expected %s, got %s", what, expected, found);
        }
    }

    private InvalidFileException invalid(String format, Object... values) {
        return new InvalidFileException(file, format.formatted(values));
    }
}
