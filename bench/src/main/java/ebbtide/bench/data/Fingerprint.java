package ebbtide.bench.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests of data, in hexadecimal. */
final class Fingerprint {
    private static final int CHUNK = 1 << 14;

    private Fingerprint() {
    }

    static String of(int[] numbers, String text) {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(Integer.BYTES * CHUNK);
        for (int from = 0; from < numbers.length; from += CHUNK) {
            int count = Math.min(CHUNK, numbers.length - from);
            chunk.asIntBuffer().put(numbers, from, count);
            digest.update(chunk.array(), 0, Integer.BYTES * count);
        }
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
