/**
 * OpenBLAS through the Foreign Function and Memory API. Start the program with
 * {@code --enable-native-access=ebbtide.openblas} (or {@code ALL-UNNAMED} on the class path).
 */
module ebbtide.openblas {
    requires transitive ebbtide.engine;

    exports ebbtide.openblas;

    provides ebbtide.engine.linalg.LinearAlgebraProvider with
            ebbtide.openblas.OpenBlasLinearAlgebraProvider;
}
