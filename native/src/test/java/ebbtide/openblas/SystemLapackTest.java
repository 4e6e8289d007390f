package ebbtide.openblas;

/** LAPACK of the system's OpenBLAS; skipped with a message where there is none. */
class SystemLapackTest extends LapackContract {
    @Override
    LibrarySelection selection() {
        return TestLibraries.system();
    }
}
