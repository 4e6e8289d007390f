package ebbtide.openblas;

/** Sources of libraries that answer like an OpenBLAS, and are wrong in one way each. */
final class Stub {
    private static final String SOUND_CONFIG = "OpenBLAS 0.3.31 DYNAMIC_ARCH Zen MAX_THREADS=64";

    private static final String NAIVE_PRODUCT =
            """
            void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha,
                    const float *a, int lda, const float *b, int ldb, float beta,
                    float *c, int ldc) {
                for (int i = 0; i < m; i++) for (int j = 0; j < n; j++) {
                    double s = 0;
                    for (int p = 0; p < k; p++)
                        s += (double) a[ta == 111 ? i * lda + p : p * lda + i]
                                * b[tb == 111 ? p * ldb + j : j * ldb + p];
                    c[i * ldc + j] = beta == 0 ? alpha * s : alpha * s + beta * c[i * ldc + j];
                }
            }
            """;

    private String config = SOUND_CONFIG;
    private String core = "Zen";
    private int parallel = 1;
    private String product = NAIVE_PRODUCT;
    private String extra = "";

    Stub config(String text) {
        config = text;
        return this;
    }

    Stub core(String text) {
        core = text;
        return this;
    }

    Stub parallel(int model) {
        parallel = model;
        return this;
    }

    Stub product(String body) {
        product = "void cblas_sgemm() { %s }\n".formatted(body);
        return this;
    }

    Stub withoutProduct() {
        product = "";
        return this;
    }

    Stub extra(String code) {
        extra = code;
        return this;
    }

    String source() {
        return """
                #include <stdlib.h>
                #include <unistd.h>
                static int threads = 4;
                char *openblas_get_config(void) { return "%s"; }
                char *openblas_get_corename(void) { return "%s"; }
                int openblas_get_parallel(void) { return %d; }
                int openblas_get_num_threads(void) { return threads; }
                void openblas_set_num_threads(int n) { threads = n; }
                """.formatted(config, core, parallel) + product + extra;
    }
}
