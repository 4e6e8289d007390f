package ebbtide.openblas;

/** LAPACK of the OpenBLAS in the jar org.bytedeco:openblas. */
class JarLapackTest extends LapackContract {
    @Override
    LibrarySelection selection() {
        return TestLibraries.jar();
    }
}
