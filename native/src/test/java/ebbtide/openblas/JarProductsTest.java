package ebbtide.openblas;

/** Products of the OpenBLAS in the jar org.bytedeco:openblas. */
class JarProductsTest extends ProductsContract {
    @Override
    LibrarySelection selection() {
        return TestLibraries.jar();
    }
}
