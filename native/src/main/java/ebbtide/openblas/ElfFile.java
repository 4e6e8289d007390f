package ebbtide.openblas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a file's headers tell without loading it. The loader would map a truncated file and die of
 * it, and says "cannot open" for much that has a better name.
 */
final class ElfFile {
    private static final int SHARED_OBJECT = 3;
    private static final int LOAD = 1;
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;

    private ElfFile() {}

    /**
     * Checks kind, width, machine and length.
     *
     * @param architecture what {@code os.arch} says
     * @throws UnusableLibraryException if this JVM cannot load the file
     */
    static void check(Path file, String architecture) throws UnusableLibraryException, IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer header = read(channel, 0, (int) Math.min(HEADER, channel.size()));
            if (header.limit() < HEADER
                    || header.order(ByteOrder.BIG_ENDIAN).getInt(0) != 0x7F454C46) {
                throw refusal("expected a shared library (ELF), got a file that starts with \"%s\"",
                        printable(header));
            }
            if (header.get(4) != 2) {
                throw refusal("expected a 64-bit library, got a 32-bit one");
            }
            ByteOrder order = header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            header.order(order);
            String machine = machine(header.getShort(18));
            if (!machine.equals(architecture)) {
                throw refusal("expected a library for %s, got one for %s", architecture, machine);
            }
            if (header.getShort(16) != SHARED_OBJECT) {
                throw refusal("expected a shared library, got another kind of ELF file");
            }
            long needed = needed(channel, header);
            if (needed < 0) {
                throw refusal("expected a shared library, got an ELF file with broken headers");
            }
            if (needed > channel.size()) {
                throw refusal("expected %d bytes, got %d: the file is truncated",
                        needed, channel.size());
            }
        }
    }

    /** Returns the length that the headers ask for, negative if they make no sense. */
    private static long needed(SeekableByteChannel channel, ByteBuffer header) throws IOException {
        long programHeaders = header.getLong(32);
        int count = Short.toUnsignedInt(header.getShort(56));
        long sections = header.getLong(40);
        long sectionBytes = (long) Short.toUnsignedInt(header.getShort(58))
                * Short.toUnsignedInt(header.getShort(60));
        if (programHeaders < 0 || sections < 0) {
            return -1;
        }
        long needed =
                Math.max(sections + sectionBytes, programHeaders + (long) count * PROGRAM_HEADER);
        if (needed < 0 || needed > channel.size()) {
            return needed;
        }
        ByteBuffer table = read(channel, programHeaders, count * PROGRAM_HEADER);
        table.order(header.order());
        for (int i = 0; i < count; i++) {
            int at = i * PROGRAM_HEADER;
            if (table.getInt(at) == LOAD) {
                needed = Math.max(needed, table.getLong(at + 8) + table.getLong(at + 32));
            }
        }
        return needed;
    }

    private static ByteBuffer read(SeekableByteChannel channel, long from, int count)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        channel.position(from);
        int got = 0;
        while (got >= 0 && bytes.hasRemaining()) {
            got = channel.read(bytes);
        }
        return bytes.flip();
    }

    private static String machine(short code) {
        return switch (code) {
            case 62 -> "amd64";
            case 183 -> "aarch64";
            case 21 -> "ppc64le";
            case 243 -> "riscv64";
            default -> "ELF machine " + Short.toUnsignedInt(code);
        };
    }

    private static String printable(ByteBuffer bytes) {
        int length = Math.min(16, bytes.limit());
        String start = new String(bytes.array(), 0, length, StandardCharsets.ISO_8859_1);
        return start.replaceAll("[^ -~]", ".");
    }

    private static UnusableLibraryException refusal(String format, Object... values) {
        return UnusableLibraryException.passing(format.formatted(values));
    }
}
