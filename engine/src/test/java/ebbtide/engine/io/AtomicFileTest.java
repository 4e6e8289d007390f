package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void oldFile() throws IOException {
        file = folder.resolve("model.safetensors");
        Files.writeString(file, "old");
    }

    private static void text(WritableByteChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes()));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** The message is one line that names the file; the old file is there, and nothing else. */
    private void assertNothingHappened(IOException e) throws IOException {
        assertTrue(e.getMessage().startsWith(file + ": cannot be written ("), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model.safetensors"), names());
    }

    @Test
    void newAndOldFilesAreWritten() throws IOException {
        AtomicFile.write(file, channel -> text(channel, "new"));
        assertEquals("new", Files.readString(file));
        AtomicFile.write(folder.resolve("other"), channel -> text(channel, "first"));
        assertEquals("first", Files.readString(folder.resolve("other")));
        assertEquals(List.of("model.safetensors", "other"), names());
    }

    @Test
    void untilTheEndReadersSeeTheOldFile() throws IOException {
        AtomicFile.write(
                file,
                channel -> {
                    text(channel, "ne");
                    assertEquals("old", Files.readString(file));
                    text(channel, "w");
                });
        assertEquals("new", Files.readString(file));
    }

    @Test
    void aBodyThatFailsHalfWayLeavesNothing() throws IOException {
        IOException failure = new IOException("half way");
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> AtomicFile.write(
                                file,
                                channel -> {
                                    text(channel, "ne");
                                    throw failure;
                                }));
        assertSame(failure, e.getCause());
        assertNothingHappened(e);
    }

    @Test
    void anErrorIsNotSwallowedAndLeavesNothing() throws IOException {
        OutOfMemoryError failure = new OutOfMemoryError("test");
        assertSame(
                failure,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> AtomicFile.write(
                                file,
                                channel -> {
                                    text(channel, "ne");
                                    throw failure;
                                })));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model.safetensors"), names());
    }

    /** The temporary file is made, but its bytes go to the device that is always full. */
    @Test
    void aFullDiskLeavesNothing() throws IOException {
        assumeTrue(Files.exists(FULL), "no /dev/full here");
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> AtomicFile.write(
                                file,
                                channel -> text(channel, "new"),
                                temporary -> {
                                    Files.createFile(temporary);
                                    return FileChannel.open(
                                            FULL, StandardOpenOption.WRITE);
                                }));
        assertNothingHappened(e);
    }

    @Test
    void whatIsNoFileOrHasNoFolderIsRefused() throws IOException {
        Path missing = folder.resolve("missing").resolve("model");
        IOException e = assertThrows(IOException.class, () -> write(missing));
        assertTrue(e.getMessage().contains("folder does not exist"), e.getMessage());
        assertTrue(assertThrows(IOException.class, () -> write(folder))
                .getMessage().contains("no regular file"));
        assertThrows(IOException.class, () -> write(file.resolve("below")));
        assertThrows(IOException.class, () -> write(Path.of("")));
        assertThrows(IOException.class, () -> write(Path.of("/")));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model.safetensors"), names());
        if (Files.exists(FULL)) {
            assertThrows(IOException.class, () -> write(FULL));
            assertFalse(Files.isRegularFile(FULL), "a device was replaced by a file");
        }
    }

    private static void write(Path path) throws IOException {
        AtomicFile.write(path, channel -> text(channel, "new"));
    }

    @Test
    void aReadOnlyFolderLeavesNothing() throws IOException {
        permissions(folder, "r-xr-xr-x");
        try {
            assumeTrue(!Files.isWritable(folder), "this user may write anywhere");
            assertNothingHappened(assertThrows(IOException.class, () -> write(file)));
        } finally {
            permissions(folder, "rwxr-xr-x");
        }
    }

    @Test
    void aReadOnlyFileStays() throws IOException {
        permissions(file, "r--r--r--");
        assumeTrue(!Files.isWritable(file), "this user may write anywhere");
        IOException e = assertThrows(IOException.class, () -> write(file));
        assertTrue(e.getMessage().contains("read-only"), e.getMessage());
        assertNothingHappened(e);
    }

    /** A folder in which even the superuser makes no files. */
    @Test
    void aFolderThatTakesNoFiles() {
        Path proc = Path.of("/proc/self/model.safetensors");
        assumeTrue(Files.isDirectory(proc.getParent()), "no /proc here");
        IOException e = assertThrows(IOException.class, () -> write(proc));
        assertTrue(e.getMessage().startsWith(proc + ": cannot be written ("), e.getMessage());
    }

    private static void permissions(Path path, String rights) throws IOException {
        assumeTrue(Files.getFileStore(path).supportsFileAttributeView("posix"), "no POSIX");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    @Test
    void aLinkIsFollowedAndStays() throws IOException {
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, file.getFileName());
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }
        write(link);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }
}
