package ebbtide.openblas;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;

/**
 * The OpenBLAS inside the jar {@code org.bytedeco:openblas} with this platform's classifier, and the
 * run-time libraries of GCC that lie next to it. On the class path the jar is enough by itself; its
 * module descriptor asks for the Java part of org.bytedeco:openblas, which is not used here.
 *
 * @param id names the contents: platform, length and CRC-32 of the library
 * @param files resources by file name, the library first
 */
record JarLibrary(String id, Map<String, URL> files) {
    /** The file that is loaded. */
    static final String LIBRARY = "libopenblas.so.0";

    /** Looks for the jar through {@code loader}. */
    static Optional<JarLibrary> find(ClassLoader loader, String platform) throws IOException {
        String folder = "org/bytedeco/openblas/" + platform + "/";
        Map<String, URL> files = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        names.add(LIBRARY);
        names.addAll(LibraryLoader.COMPANIONS);
        for (String name : names) {
            URL found = loader.getResource(folder + name);
            if (found != null) {
                files.put(name, found);
            }
        }
        if (!files.containsKey(LIBRARY)) {
            return Optional.empty();
        }
        String id = "%s-%s".formatted(platform, identity(files.get(LIBRARY)));
        return Optional.of(new JarLibrary(id, files));
    }

    /** Returns the classifier of this platform; empty where the jar was not tried. */
    static Optional<String> platform(String os, String architecture) {
        if (!os.equals("Linux")) {
            return Optional.empty();
        }
        return switch (architecture) {
            case "amd64" -> Optional.of("linux-x86_64");
            case "aarch64" -> Optional.of("linux-arm64");
            default -> Optional.empty();
        };
    }

    /** Opens a file; reading past its end throws if it is not what the jar's directory says. */
    InputStream open(String name) throws IOException {
        URLConnection connection = connect(files.get(name));
        long expected =
                connection instanceof JarURLConnection jar ? jar.getJarEntry().getCrc() : -1;
        return new CheckedInputStream(connection.getInputStream(), new CRC32()) {
            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                int n = super.read(bytes, from, count);
                if (n < 0 && expected >= 0 && getChecksum().getValue() != expected) {
                    throw new IOException("%s: expected CRC-32 %08x, got %08x: the jar is damaged"
                            .formatted(files.get(name), expected, getChecksum().getValue()));
                }
                return n;
            }
        };
    }

    /** Length and CRC-32, from the jar's directory where there is one: it costs no inflating. */
    private static String identity(URL url) throws IOException {
        URLConnection connection = connect(url);
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = jar.getJarFile()) {
                ZipEntry entry = file.getEntry(jar.getEntryName());
                return "%d-%08x".formatted(entry.getSize(), entry.getCrc());
            }
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(connection.getInputStream(), crc)) {
            long length = in.transferTo(OutputStream.nullOutputStream());
            return "%d-%08x".formatted(length, crc.getValue());
        }
    }

    private static URLConnection connect(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        // A shared jar file would be closed under others, or stay open for good.
        connection.setUseCaches(false);
        return connection;
    }
}
