package ebbtide.engine.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files whole or not at all. The bytes go to a temporary file in the same folder, are forced
 * to the disk, and only then take the file's name, in one atomic step; the folder is forced as well
 * where the system can. Whatever fails, the temporary file is removed and the old file, if there
 * was one, is as it was. Someone who reads meanwhile sees the old file or the new one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Body {
        /** Writes everything to the channel, which stays open. */
        void write(WritableByteChannel channel) throws IOException;
    }

    /** Opens the temporary file; tests put a full disk in its place. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path temporary) throws IOException;
    }

    /**
     * Writes {@code file}. A symbolic link to a file is followed, and stays.
     *
     * @throws IOException if anything fails; one line that names the file, with the cause
     */
    public static void write(Path file, Body body) throws IOException {
        write(
                file,
                body,
                temporary -> FileChannel.open(
                        temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    static void write(Path file, Body body, Opener opener) throws IOException {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            requireReplaceable(target);
            Path temporary =
                    target.resolveSibling(
                            ".%s.%d-%x.tmp"
                                    .formatted(
                                            target.getFileName(),
                                            ProcessHandle.current().pid(),
                                            System.nanoTime()));
            try {
                writeWhole(temporary, body, opener);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (Throwable e) {
                remove(temporary, e);
                throw e;
            }
            forceFolder(target.getParent());
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new IOException(message(file, reason), e);
        } catch (IOException e) {
            throw new IOException(message(file, e.getMessage()), e);
        }
    }

    private static String message(Path file, String reason) {
        return "%s: cannot be written (%s); what was there before is unchanged"
                .formatted(file, reason);
    }

    private static void requireReplaceable(Path target) throws IOException {
        // A rename would put a file in the place of /dev/null.
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new FileSystemException(target.toString(), null, "it is no regular file");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new FileSystemException(target.toString(), null, "its folder does not exist");
        }
        // A rename would replace a read-only file too, where the folder is writable.
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString(), null, "it is read-only");
        }
    }

    private static void writeWhole(Path temporary, Body body, Opener opener) throws IOException {
        try (FileChannel channel = opener.open(temporary)) {
            body.write(channel);
            channel.force(true);
        }
    }

    private static void remove(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; the file itself is safe, only its new name may be lost in a
            // power failure, and then the old file is there.
            System.getLogger(AtomicFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "folder not forced to disk: {0}", folder);
        }
    }
}
