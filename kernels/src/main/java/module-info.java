/**
 * What runs in the inner loops: every operation twice, as a scalar reference and on the Vector API,
 * equal bit for bit.
 */
module ebbtide.kernels {
    // Optional at run time: without it the scalar kernels run, and a log line names the flag.
    requires static jdk.incubator.vector;

    exports ebbtide.kernels;
}
