package ebbtide.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The shared libraries of a jar {@code org.bytedeco:NAME} with this platform's classifier, copied once
 * to the user's cache folder and loaded from there for the rest of the JVM's life.
 */
final class NativeJar {
    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private NativeJar() {
    }

    /**
     * Loads a library.
     *
     * @param name of the jar, as {@code dnnl}
     * @param companions libraries that it needs, in the order in which they need each other; one that
     *     the jar does not have is left to the system
     * @throws AbsentPeerException if it cannot be loaded here
     */
    static SymbolLookup load(String name, String library, List<String> companions)
            throws AbsentPeerException {
        String platform = platform();
        try {
            for (String companion : companions) {
                Path file = copy(platform, name, companion);
                if (file != null) {
                    SymbolLookup.libraryLookup(file, Arena.global());
                }
            }
            Path file = copy(platform, name, library);
            if (file == null) {
                throw new AbsentPeerException("no jar org.bytedeco:%s:%s on the class path"
                        .formatted(name, platform));
            }
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IOException | IllegalArgumentException | IllegalCallerException e) {
            throw new AbsentPeerException(
                    "%s cannot be loaded: %s".formatted(library, e.getMessage()));
        }
    }

    /** Returns the classifier of this platform. */
    private static String platform() throws AbsentPeerException {
        String os = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (os.equals("Linux") && architecture.equals("amd64")) {
            return "linux-x86_64";
        }
        if (os.equals("Linux") && architecture.equals("aarch64")) {
            return "linux-arm64";
        }
        throw new AbsentPeerException(
                "its jar is taken for Linux on x86-64 and arm64, this is %s on %s"
                        .formatted(os, architecture));
    }

    /** Returns the copy of a file, null if the jar has none of that name. */
    private static Path copy(String platform, String jar, String file) throws IOException {
        URL url = NativeJar.class.getResource(
                "/org/bytedeco/%s/%s/%s".formatted(jar, platform, file));
        if (url == null) {
            return null;
        }
        URLConnection connection = url.openConnection();
        String version = connection instanceof JarURLConnection inJar
                ? "%08x".formatted(inJar.getJarEntry().getCrc())
                : "unpacked";
        long size = connection.getContentLengthLong();
        Path folder = cache().resolve("%s-%s".formatted(file, version));
        Path target = folder.resolve(file);
        if (!Files.exists(target) || Files.size(target) != size) {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "new-", ".tmp");
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        return target;
    }

    /** {@code $XDG_CACHE_HOME/ebbtide/peers}, or {@code ~/.cache/ebbtide/peers}; its owner's alone. */
    private static Path cache() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && Path.of(xdg).isAbsolute()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home"), ".cache");
        Path folder = base.resolve("ebbtide").resolve("peers");
        Files.createDirectories(folder.getParent());
        try {
            Files.createDirectory(folder, OWNER_ALONE);
        } catch (FileAlreadyExistsException e) {
            // From an earlier start.
        }
        return folder;
    }
}
