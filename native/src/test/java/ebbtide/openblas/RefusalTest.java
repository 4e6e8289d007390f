package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Rnn;
import ebbtide.engine.Tensor;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong and broken libraries end in one line, not in a dead JVM. */
class RefusalTest {
    @TempDir
    Path folder;

    private String refusal(Path file) {
        return refusal(file, ChildProbe.ofProcess());
    }

    private String refusal(Path file, ChildProbe probe) {
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        LibrarySelection selection = LibrarySelection.of(
                List.of(Place.file("test", file)), TestLibraries.verdicts(cache), probe);
        assertTrue(selection.library().isEmpty(), selection.verdict());
        assertEquals(1, selection.verdict().lines().count(), selection.verdict());
        var thrown = assertThrows(UnusableLibraryException.class, selection::open);
        assertEquals(selection.verdict(), thrown.getMessage());
        assertTrue(OpenBlasLinearAlgebra.of(selection).isEmpty());
        assertArrayEquals(
                pass(KernelSelection.reference()), pass(KernelSelection.selected().kernels()));
        return selection.verdict();
    }

    /** The outputs of a small network: what serves when a library does not. */
    private static float[] pass(Kernels kernels) {
        Tensor y = Tensor.zeros(2, 3, 20);
        Rnn.sigmoid(5, 20).kernels(kernels).build(1).plan(2, 3)
                .forward(Tensor.zeros(2, 3, 5), null, y, null);
        return y.data();
    }

    private static void assertSays(String part, String message) {
        assertTrue(message.contains(part), "expected \"" + part + "\" in: " + message);
    }

    @Test
    void missingFile() {
        assertSays("there is no such file", refusal(folder.resolve("none.so")));
    }

    @Test
    void folderInstead() {
        assertSays("expected a file", refusal(folder));
    }

    @Test
    void emptyFile() throws Exception {
        assertSays("expected a shared library (ELF)",
                refusal(Files.createFile(folder.resolve("empty.so"))));
    }

    @Test
    void textFile() throws Exception {
        Path file = Files.writeString(folder.resolve("text.so"), "hello, ".repeat(100));
        assertSays("starts with \"hello, hello, he\"", refusal(file));
    }

    @Test
    void foreignArchitecture() throws Exception {
        byte[] header = header(1);
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putShort(18, (short) 22);
        assertSays("got one for ELF machine 22",
                refusal(Files.write(folder.resolve("foreign.so"), header)));
    }

    @Test
    void thirtyTwoBits() throws Exception {
        byte[] header = header(1);
        header[4] = 1;
        assertSays("expected a 64-bit library",
                refusal(Files.write(folder.resolve("w.so"), header)));
    }

    @Test
    void headersWithoutSense() throws Exception {
        assertSays("broken headers", refusal(Files.write(folder.resolve("b.so"), header(-8))));
    }

    /** A header of a shared object for this machine, its sections at {@code sections}. */
    private static byte[] header(long sections) {
        short machine = (short) (System.getProperty("os.arch").equals("amd64") ? 62 : 183);
        ByteBuffer header = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
        header.putShort(16, (short) 3).putShort(18, machine).putLong(40, sections);
        return header.array();
    }

    @Test
    void truncatedLibrary() throws Exception {
        Path whole = TestLibraries.jar().library().orElseThrow().path();
        for (int length : new int[] {100, 5000, 1 << 20}) {
            byte[] start;
            try (var in = Files.newInputStream(whole)) {
                start = in.readNBytes(length);
            }
            String message = refusal(Files.write(folder.resolve("cut" + length + ".so"), start));
            assertSays("got " + length + ": the file is truncated", message);
        }
    }

    @Test
    void damagedLibraryDoesNotKillThisProcess() throws Exception {
        Path whole = TestLibraries.jar().library().orElseThrow().path();
        byte[] bytes = Files.readAllBytes(whole);
        // The headers stay: it is loaded, by the child, and crashes there or computes nonsense.
        Arrays.fill(bytes, 4096, bytes.length - 65536, (byte) 0);
        refusal(Files.write(folder.resolve("damaged.so"), bytes));
    }

    static Stream<Arguments> wrongStubs() {
        return Stream.of(
                Arguments.of("ilp64",
                        new Stub()
                                .config("OpenBLAS 0.3.31 USE64BITINT DYNAMIC_ARCH MAX_THREADS=64"),
                        "expected an LP64 build (32-bit integers), got an ILP64 one (USE64BITINT)"),
                Arguments.of("suffixed",
                        new Stub().withoutProduct().extra("void cblas_sgemm64_(void) {}"),
                        "got an ILP64 one (cblas_sgemm64_)"),
                Arguments.of("old", new Stub().config("OpenBLAS 0.3.19 MAX_THREADS=64"),
                        "expected OpenBLAS 0.3.20 or newer, got 0.3.19"),
                Arguments.of("other", new Stub().config("ATLAS 3.10"),
                        "expected \"OpenBLAS <version>\""),
                Arguments.of("openmp", new Stub().parallel(2), "got an OpenMP one"),
                Arguments.of("model", new Stub().parallel(7),
                        "threading model of 0, 1 or 2, got 7"),
                Arguments.of("uncounted", new Stub().config("OpenBLAS 0.3.31 Zen"),
                        "expected MAX_THREADS=n"),
                Arguments.of("few", new Stub().config("OpenBLAS 0.3.31 MAX_THREADS=2"),
                        "expected 1 to 2 threads in use, got 4"),
                Arguments.of("nameless", new Stub().core(""), "from openblas_get_corename"),
                Arguments.of("endless", new Stub().core("x".repeat(300)), "got a longer one"),
                Arguments.of("blasless", new Stub().withoutProduct(),
                        "got a library without cblas_sgemm"),
                Arguments.of("idle lapack", new Stub().extra(
                        "void dgeev_() {} void dgesdd_() {} void dposv_() {}"),
                        "dgeev_ came out wrong"),
                Arguments.of("idle", new Stub().product(""), "a product came out wrong"),
                Arguments.of("wild", new Stub().product("*(volatile int *) 8 = 1;"),
                        "it crashed the probe process (SIGSEGV)"),
                Arguments.of("aborting",
                        new Stub().extra("__attribute__((constructor)) void f() { abort(); }"),
                        "it crashed the probe process (signal 6)"),
                Arguments.of("quitting",
                        new Stub().extra("__attribute__((constructor)) void f() { _exit(3); }"),
                        "the probe process ended with exit code 3"),
                Arguments.of("needy", new Stub().extra("extern void nowhere();"
                        + "__attribute__((constructor)) void f() { nowhere(); }"), "nowhere"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongStubs")
    void wrongStub(String name, Stub stub, String reason) throws Exception {
        assertSays(reason, refusal(TestLibraries.compile(folder, name, stub.source())));
    }

    @Test
    void hangingLibrary() throws Exception {
        String loop = "__attribute__((constructor)) void f() { for (;;) sleep(1); }";
        Path stub = TestLibraries.compile(folder, "hanging", new Stub().extra(loop).source());
        ChildProbe hasty = new ChildProbe(ChildProbe.ofProcess().java(), 2);
        assertSays("did not end within 2 s", refusal(stub, hasty));
    }

    @Test
    void withoutLauncher() throws Exception {
        Path stub = TestLibraries.compile(folder, "sound", new Stub().source());
        String message = refusal(stub, new ChildProbe(folder.resolve("java"), 60));
        assertSays("there is no " + folder.resolve("java"), message);
    }

    @Test
    void soundStubServes() throws Exception {
        Path stub = TestLibraries.compile(folder, "sound", new Stub().source());
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        LibrarySelection selection = LibrarySelection.of(List.of(Place.file("test", stub)),
                TestLibraries.verdicts(cache), ChildProbe.ofProcess());
        try (OpenBlas blas = selection.open()) {
            float[] c = {Float.NaN};
            blas.sgemm(false, false, 1, 1, 2, 1, new float[] {1, 2}, 0, 2, new float[] {3, 4}, 0, 1,
                    0, c, 0, 1);
            assertEquals(11, c[0]);
        }
        assertTrue(OpenBlasLinearAlgebra.of(selection).isEmpty(), "it has no LAPACK");
    }

    @Test
    void verdictsAreRemembered() throws Exception {
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        Verdicts verdicts = TestLibraries.verdicts(cache);
        Path idle = TestLibraries.compile(folder, "idle", new Stub().product("").source());
        assertSays("a product came out wrong", refusal(idle));
        ChildProbe none = new ChildProbe(folder.resolve("java"), 1);
        String again = refusal(idle, none);
        assertSays("a product came out wrong", again);
        assertSays("remembered; delete " + cache.path(), again);

        verdicts.remember("0".repeat(64), Optional.empty());
        assertTrue(verdicts.accepted("0".repeat(64)));
        assertFalse(Verdicts.of(cache, name -> "Prescott").accepted("0".repeat(64)),
                "a verdict holds for one choice of kernels");
    }

    @Test
    void whatMayMendIsNotRemembered() throws Exception {
        Path stub = TestLibraries.compile(folder, "later", new Stub().source());
        assertSays("there is no", refusal(stub, new ChildProbe(folder.resolve("java"), 1)));
        CacheFolder cache = new CacheFolder(folder.resolve("cache"));
        LibrarySelection later = LibrarySelection.of(List.of(Place.file("test", stub)),
                TestLibraries.verdicts(cache), ChildProbe.ofProcess());
        assertTrue(later.library().isPresent(), later.verdict());
    }
}
