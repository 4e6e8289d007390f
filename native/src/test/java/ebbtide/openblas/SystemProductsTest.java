package ebbtide.openblas;

/** Products of the system's OpenBLAS; skipped with a message where there is none. */
class SystemProductsTest extends ProductsContract {
    @Override
    LibrarySelection selection() {
        return TestLibraries.system();
    }
}
