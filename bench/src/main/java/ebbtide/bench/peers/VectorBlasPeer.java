package ebbtide.bench.peers;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Properties;
import jdk.incubator.vector.FloatVector;

/** netlib's BLAS for the JVM, {@code dev.ludovic.netlib:blas}, on the Vector API. One thread. */
final class VectorBlasPeer implements Blas {
    private static final String CLASS = "dev.ludovic.netlib.blas.VectorBLAS";
    private static final String PROPERTIES =
            "/META-INF/maven/dev.ludovic.netlib/blas/pom.properties";

    private final JavaBLAS blas;

    private VectorBlasPeer(JavaBLAS blas) {
        this.blas = blas;
    }

    /**
     * Returns the library.
     *
     * @throws AbsentPeerException if it cannot be used on this JVM, or has not as many threads
     */
    static VectorBlasPeer load(int threads) throws AbsentPeerException {
        if (threads > 1) {
            throw new AbsentPeerException("VectorBLAS has one thread");
        }
        return load();
    }

    /**
     * By reflection: netlib's own way to an instance also loads a library of C, for others than this
     * one, and prints about it.
     */
    private static VectorBlasPeer load() throws AbsentPeerException {
        try {
            Method instance = Class.forName(CLASS).getMethod("getInstance");
            instance.setAccessible(true);
            return new VectorBlasPeer((JavaBLAS) instance.invoke(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new AbsentPeerException("%s cannot be used: %s".formatted(CLASS, e));
        }
    }

    /** Returns version and width, as {@code VectorBLAS 3.2.0, 256 bits, one thread}. */
    static String describe() throws AbsentPeerException {
        load();
        Properties properties = new Properties();
        try (InputStream in = JavaBLAS.class.getResourceAsStream(PROPERTIES)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "VectorBLAS %s, %d bits, one thread".formatted(
                properties.getProperty("version", "of unknown version"),
                FloatVector.SPECIES_MAX.vectorBitSize());
    }

    @Override
    public String name() {
        return Peers.VECTORBLAS;
    }

    @Override
    public long spinNanos() {
        return 0;
    }

    /** Nothing to set: the caller's thread is the only one. */
    @Override
    public void threads(int count) {
    }

    @Override
    public void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aOff,
            int aStride,
            float[] b,
            int bOff,
            int bStride,
            float beta,
            float[] c,
            int cOff,
            int cStride) {
        // Its matrices are column-major: what it sees of ours are their transposes, and Cᵀ = Bᵀ·Aᵀ.
        blas.sgemm(
                transposeB ? "T" : "N", transposeA ? "T" : "N", n, m, k, 1f, b, bOff, bStride, a,
                aOff, aStride, beta, c, cOff, cStride);
    }
}
