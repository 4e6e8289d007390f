package ebbtide.openblas;

import java.nio.file.Path;

/**
 * An OpenBLAS that passed its checks.
 *
 * @param origin which way it was found, in words
 * @param path the file
 * @param sha256 its checksum, in hexadecimal
 * @param version as "0.3.31"
 * @param core the CPU that its kernels in use were written for, as "Zen"
 * @param threading "sequential" or "pthreads"
 * @param maxThreads the most threads that the build allows, 1 for a sequential one
 * @param config all that {@code openblas_get_config} says
 */
public record LibraryDescription(
        String origin,
        Path path,
        String sha256,
        String version,
        String core,
        String threading,
        int maxThreads,
        String config) {

    /** Returns one line for people. */
    @Override
    public String toString() {
        return "OpenBLAS %s, core %s, %s, at most %d threads (%s: %s)"
                .formatted(version, core, threading, maxThreads, origin, path);
    }
}
