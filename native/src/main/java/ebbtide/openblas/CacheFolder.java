package ebbtide.openblas;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;

/**
 * The per-user folder for extracted libraries and remembered verdicts: {@code
 * $XDG_CACHE_HOME/ebbtide}, or {@code ~/.cache/ebbtide}. Only its owner may enter what is made
 * here, because what lies in it is executed.
 */
record CacheFolder(Path path) {

    /** Returns the folder for these surroundings; it need not exist. */
    static CacheFolder ofUser(UnaryOperator<String> environment, String home) {
        String xdg = environment.apply("XDG_CACHE_HOME");
        // The XDG specification ignores relative paths.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return new CacheFolder(Path.of(xdg, "ebbtide"));
        }
        // A user without a home gets a folder that cannot be made, never one in the current folder.
        Path base = Path.of(home).isAbsolute() ? Path.of(home) : Path.of("/dev/null");
        return new CacheFolder(base.resolve(".cache").resolve("ebbtide"));
    }

    /** Makes the folder if it is not there. */
    Path create() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path.getParent());
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                var onlyOwner = PosixFilePermissions.fromString("rwx------");
                try {
                    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(onlyOwner));
                } catch (FileAlreadyExistsException e) {
                    // Another start made it meanwhile.
                }
            } else {
                Files.createDirectories(path);
            }
        }
        return path;
    }

    /** Writes a small file that other processes see whole or not at all. */
    void write(String name, String text) throws IOException {
        Path temporary = Files.createTempFile(create(), "new-", ".tmp");
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Deletes a folder of files. */
    static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
