package ebbtide.openblas;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies of a {@link JarLibrary} on disk. A copy is a folder that appears whole, by one rename,
 * with the checksums of its files in it; each start verifies it and reuses it. Where the cache
 * folder cannot be written, the copy is a temporary one for this process.
 */
final class Extraction {
    private static final String SUMS = "SHA256SUMS";

    private Extraction() {}

    /** Returns the path of the library in a verified copy. */
    static synchronized Path extract(JarLibrary jar, CacheFolder cache) throws IOException {
        Path folder = cache.path().resolve("openblas-" + jar.id());
        if (!intact(folder, jar)) {
            try {
                cache.create();
                installOnce(jar, cache, folder);
            } catch (IOException e) {
                try {
                    folder = temporary(jar);
                } catch (IOException again) {
                    again.addSuppressed(e);
                    throw again;
                }
            }
        }
        return folder.resolve(JarLibrary.LIBRARY);
    }

    /** The lock saves concurrent starts the work; the rename alone would keep them correct. */
    private static void installOnce(JarLibrary jar, CacheFolder cache, Path folder)
            throws IOException {
        Path lockFile = cache.path().resolve("extraction.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            lock(channel);
            if (!intact(folder, jar)) {
                install(jar, cache, folder);
            }
        }
    }

    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException | OverlappingFileLockException e) {
            // A file system without locks, or a second class loader: both may then do the work.
            System.getLogger("ebbtide.openblas").log(System.Logger.Level.DEBUG, "no lock", e);
        }
    }

    private static void install(JarLibrary jar, CacheFolder cache, Path folder) throws IOException {
        Path fresh = Files.createTempDirectory(cache.path(), "new-");
        try {
            fill(fresh, jar);
            try {
                Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                // Something is there: another's copy, or a damaged one, which a process may still
                // have loaded. Moved aside and deleted, its contents live on for that process.
                if (!intact(folder, jar)) {
                    Path old = Files.createTempDirectory(cache.path(), "old-");
                    Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
                    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
                    CacheFolder.delete(old);
                }
            }
        } finally {
            CacheFolder.delete(fresh);
        }
    }

    private static Path temporary(JarLibrary jar) throws IOException {
        Path folder = Files.createTempDirectory("ebbtide-openblas-");
        // Deletion at exit runs backwards: the folder is named first and deleted last.
        folder.toFile().deleteOnExit();
        folder.resolve(SUMS).toFile().deleteOnExit();
        jar.files().keySet().forEach(name -> folder.resolve(name).toFile().deleteOnExit());
        fill(folder, jar);
        return folder;
    }

    private static void fill(Path folder, JarLibrary jar) throws IOException {
        List<String> sums = new ArrayList<>();
        for (String name : jar.files().keySet()) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
                sums.add(Checksum.copy(jar.open(name), out) + "  " + name);
            }
        }
        Files.write(folder.resolve(SUMS), sums);
    }

    /** Whether every file of the jar is there with the checksum that was written with it. */
    private static boolean intact(Path folder, JarLibrary jar) {
        try {
            Map<String, String> sums = new HashMap<>();
            for (String line : Files.readAllLines(folder.resolve(SUMS))) {
                int gap = line.indexOf("  ");
                if (gap > 0) {
                    sums.put(line.substring(gap + 2), line.substring(0, gap));
                }
            }
            for (String name : jar.files().keySet()) {
                if (!Checksum.of(folder.resolve(name)).equals(sums.get(name))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
