package ebbtide.bench.validate;

import com.sun.management.ThreadMXBean;
import ebbtide.engine.io.InvalidFileException;
import ebbtide.engine.io.Safetensors;
import ebbtide.engine.io.StateDict;
import ebbtide.engine.io.StoredTensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Model files that are damaged: read as a whole or refused, in little memory and time. */
final class FuzzedFiles {
    private static final int FILES = 100_000;
    private static final int LONG_FORM = 10_000_000;
    /** One in so many is of a wide network. */
    private static final int WIDE = 50;
    /** Bytes that reading may allocate for each byte of the file, and besides. */
    private static final double BYTES_PER_BYTE = 16;
    private static final double BYTES_BESIDES = 1 << 18;
    private static final double SECONDS = 1;
    /** What a header is made of, and numbers that it had better not believe. */
    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-1", "7", "1e9", "2147483647", "4294967296",
        "9223372036854775807", "null", "\"F64\"", "\"shape\":", "__metadata__", "\u00e9"
    };

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Worst escaped = new Worst();
    private final Worst memory = new Worst();
    private final Worst time = new Worst();
    private final Path file;
    private final byte[][] sound;

    private FuzzedFiles(Path folder) throws IOException {
        file = folder.resolve("fuzzed.safetensors");
        sound = new byte[][] {sound(3), sound(70)};
    }

    /** A whole file of an Elman network with H units. */
    private byte[] sound(int hidden) throws IOException {
        int square = hidden * hidden;
        Safetensors.write(
                file, Map.of("cell", "rnn"),
                List.of(
                        StoredTensor.floats("weight_ih_l0", new float[square], hidden, hidden),
                        StoredTensor.floats("weight_hh_l0", new float[square], hidden, hidden),
                        StoredTensor.floats("bias_ih_l0", new float[hidden], hidden),
                        StoredTensor.floats("bias_hh_l0", new float[hidden], hidden)));
        return Files.readAllBytes(file);
    }

    /** Reads very many of them. */
    static void run(String check, ValidationRun run, Path folder) throws IOException {
        FuzzedFiles fuzzed = new FuzzedFiles(folder);
        // Classes are loaded once, and are no part of what a file takes.
        StateDict.read(fuzzed.file);
        int count = run.exhaustive() ? LONG_FORM : FILES;
        try {
            for (int i = 0; i < count; i++) {
                if (i % 1000 == 0) {
                    run.requireGoOn();
                    run.report("fuzzed files", 0.2 + 0.4 * i / count);
                }
                long seed = run.seed() + i;
                fuzzed.read(fuzzed.sound[i % WIDE == 0 ? 1 : 0], seed);
            }
        } finally {
            Files.deleteIfExists(fuzzed.file);
        }
        String subject = "fuzzed model files";
        run.add(Finding.ofFailures(check, subject, fuzzed.escaped, "read, or the one exception"));
        run.add(Finding.of(
                check, subject + ", memory", fuzzed.memory, 1, "of the bound",
                "%.0f bytes a byte and %.0f KiB".formatted(BYTES_PER_BYTE, BYTES_BESIDES / 1024)));
        run.add(Finding.of(
                check, subject + ", time", fuzzed.time, SECONDS, "s", "of processor time"));
    }

    private void read(byte[] whole, long seed) throws IOException {
        byte[] bytes = damaged(whole, new Random(seed));
        Files.write(file, bytes);
        long allocated = thread.getCurrentThreadAllocatedBytes();
        long nanos = thread.getCurrentThreadCpuTime();
        Throwable wrong = null;
        try {
            StateDict.read(file);
        } catch (InvalidFileException e) {
            // As documented.
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            wrong = e;
        }
        allocated = thread.getCurrentThreadAllocatedBytes() - allocated;
        nanos = thread.getCurrentThreadCpuTime() - nanos;
        String place = "seed " + seed;
        Throwable thrown = wrong;
        escaped.see(wrong == null, () -> place + ": " + thrown);
        memory.see(
                allocated / (BYTES_PER_BYTE * bytes.length + BYTES_BESIDES), () -> place);
        time.see(nanos / 1e9, () -> place);
    }

    /** Cut off, single bytes changed, or pieces of the header, its length put right. */
    private static byte[] damaged(byte[] whole, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(whole, random.nextInt(whole.length + 20));
            }
            case 1 -> {
                byte[] bytes = whole.clone();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                return bytes;
            }
            default -> {
                return withPieces(whole, random);
            }
        }
    }

    private static byte[] withPieces(byte[] whole, Random random) {
        int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        StringBuilder text =
                new StringBuilder(new String(whole, 8, length, StandardCharsets.UTF_8));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(6));
            text.replace(from, to, PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] header = text.toString().getBytes(StandardCharsets.UTF_8);
        int rest = whole.length - 8 - length;
        return ByteBuffer.allocate(8 + header.length + rest)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(whole, 8 + length, rest)
                .array();
    }
}
