/** OpenBLAS through the Foreign Function and Memory API, as a provider of kernels. */
module ebbtide.openblas {
    requires ebbtide.kernels;
}
