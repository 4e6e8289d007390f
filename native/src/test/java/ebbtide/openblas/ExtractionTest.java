package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionTest {
    @TempDir
    Path folder;

    /** A jar in the shape of org.bytedeco:openblas with small files. */
    private JarLibrary smallJar() throws IOException {
        Path jar = folder.resolve("small.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of(JarLibrary.LIBRARY, "libgfortran.so.5")) {
                zip.putNextEntry(new ZipEntry("org/bytedeco/openblas/linux-x86_64/" + name));
                zip.write(("contents of " + name).getBytes());
            }
        }
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return JarLibrary.find(loader, "linux-x86_64").orElseThrow();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void extractsOnceAndRepairs() throws Exception {
        JarLibrary jar = smallJar();
        CacheFolder cache = new CacheFolder(folder.resolve("home/.cache/ebbtide"));
        Path library = Extraction.extract(jar, cache);
        assertEquals("contents of libopenblas.so.0", Files.readString(library));
        assertEquals(List.of("SHA256SUMS", "libgfortran.so.5", "libopenblas.so.0"),
                names(library.getParent()));
        Object first = Files.readAttributes(library, "unix:ino").get("ino");
        assertEquals(library, Extraction.extract(jar, cache));
        assertEquals(first, Files.readAttributes(library, "unix:ino").get("ino"), "reused");

        Files.writeString(library, "damaged");
        assertEquals(library, Extraction.extract(jar, cache));
        assertEquals("contents of libopenblas.so.0", Files.readString(library));
        Files.delete(library.resolveSibling("libgfortran.so.5"));
        Extraction.extract(jar, cache);
        assertTrue(Files.exists(library.resolveSibling("libgfortran.so.5")));
        assertEquals(List.of("extraction.lock", "openblas-" + jar.id()), names(cache.path()),
                "nothing else is left behind");
    }

    @Test
    void cacheThatCannotBeWritten() throws Exception {
        JarLibrary jar = smallJar();
        Path file = Files.createFile(folder.resolve("file"));
        for (Path nowhere : List.of(file.resolve("ebbtide"), Path.of("/proc/ebbtide"))) {
            Path library = Extraction.extract(jar, new CacheFolder(nowhere));
            assertFalse(library.startsWith(nowhere));
            assertEquals("contents of libopenblas.so.0", Files.readString(library));
            Verdicts verdicts = TestLibraries.verdicts(new CacheFolder(nowhere));
            verdicts.remember("0".repeat(64), Optional.empty());
            assertFalse(verdicts.accepted("0".repeat(64)));
        }
    }

    @Test
    void damagedJarIsNoticed() throws Exception {
        Path jar = folder.resolve("damaged.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.setMethod(ZipOutputStream.STORED);
            ZipEntry entry = new ZipEntry("lib");
            byte[] contents = "some contents".getBytes();
            var crc = new CRC32();
            crc.update(contents);
            entry.setSize(contents.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(contents);
        }
        byte[] bytes = Files.readAllBytes(jar);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("some");
        bytes[at] ^= 1;
        Files.write(jar, bytes);
        JarLibrary library =
                new JarLibrary("x",
                        Map.of("lib", URI.create("jar:" + jar.toUri() + "!/lib").toURL()));
        var e = assertThrows(
                IOException.class, () -> library.open("lib").readAllBytes());
        assertTrue(e.getMessage().contains("the jar is damaged"), e.getMessage());
    }

    /** What the processes of the next test run. */
    public static final class ExtractInChild {
        public static void main(String[] arguments) throws Exception {
            CacheFolder cache = new CacheFolder(Path.of(arguments[0]));
            Place place = TestLibraries.finder(cache).jar();
            System.out.println(place.library().orElseThrow());
        }
    }

    @Test
    void processesExtractAtOnce() throws Exception {
        Place warm = TestLibraries.finder(TestLibraries.CACHE).jar();
        TestLibraries.assume(warm.hit(), "no jar for this platform");
        JarLibrary jar = JarLibrary.find(getClass().getClassLoader(), JarLibrary.platform(
                System.getProperty("os.name"), System.getProperty("os.arch")).get()).orElseThrow();
        String inJar = jar.files().get(JarLibrary.LIBRARY).toString();
        Path jarFile = Path.of(URI.create(inJar.substring("jar:".length(), inJar.indexOf("!/"))));
        String path = String.join(":", "target/classes", "target/test-classes", jarFile.toString());
        Path cache = folder.resolve("cache/ebbtide");
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", path,
                    ExtractInChild.class.getName(), cache.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start());
        }
        for (Process child : children) {
            String said = new String(child.getInputStream().readAllBytes()).strip();
            assertEquals(0, child.waitFor());
            assertEquals(cache.resolve("openblas-" + jar.id()).resolve(JarLibrary.LIBRARY),
                    Path.of(said));
        }
        assertEquals(List.of("extraction.lock", "openblas-" + jar.id()), names(cache));
        assertEquals(Checksum.of(warm.library().get()),
                Checksum.of(cache.resolve("openblas-" + jar.id()).resolve(JarLibrary.LIBRARY)));
    }
}
