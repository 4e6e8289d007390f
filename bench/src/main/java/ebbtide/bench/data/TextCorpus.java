package ebbtide.bench.data;

import ebbtide.bench.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A text as tokens, one per code point. Line ends and byte-order marks stay as they stand in the file.
 *
 * @param name what messages call it
 * @param tokens the whole text
 * @param vocabulary of the whole text, the validation part included
 */
public record TextCorpus(String name, int[] tokens, Vocabulary vocabulary) {
    private static final long LONGEST = Integer.MAX_VALUE - 8L;

    /** Makes a corpus of {@code text}. */
    public static TextCorpus of(String name, String text) {
        int[] codePoints = text.codePoints().toArray();
        Vocabulary vocabulary = Vocabulary.of(codePoints);
        return new TextCorpus(name, vocabulary.encode(codePoints), vocabulary);
    }

    /**
     * Reads a UTF-8 file.
     *
     * @throws BadInput if the file is missing, empty, too large or not UTF-8
     */
    public static TextCorpus read(Path file) {
        byte[] bytes = bytes(file);
        if (bytes.length == 0) {
            throw new BadInput("%s: expected text, got an empty file; name another one", file);
        }
        return of(file.toString(), decode(file, bytes));
    }

    /** Reads a whole file, or says in one line why that fails. */
    static byte[] bytes(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new BadInput("%s: expected a file, got a directory; name a file in it", file);
            }
            long size = Files.size(file);
            if (size > LONGEST) {
                throw new BadInput(
                        "%s: expected at most %d bytes, got %d; split the file", file, LONGEST,
                        size);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadInput("%s: expected a file, got none of this name; check the path", file);
        } catch (AccessDeniedException e) {
            throw new BadInput("%s: expected a readable file, got no permission; chmod it", file);
        } catch (IOException e) {
            throw new BadInput("%s: expected a readable file, got: %s", file, e.getMessage());
        }
    }

    /** Decodes UTF-8 strictly. */
    static String decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new BadInput(
                    "%s: expected UTF-8, got byte 0x%02X at offset %d; convert it, e.g. with iconv -t UTF-8",
                    file, bytes[in.position()], in.position());
        }
        return out.flip().toString();
    }
}
