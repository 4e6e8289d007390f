package ebbtide.openblas;

import ebbtide.engine.linalg.LinearAlgebra;
import ebbtide.engine.linalg.LinearAlgebraProvider;
import java.util.Optional;

/** Brings LAPACK of the OpenBLAS that {@link LibrarySelection#selected} found; see there. */
public final class OpenBlasLinearAlgebraProvider implements LinearAlgebraProvider {
    /** For the service loader. */
    public OpenBlasLinearAlgebraProvider() {}

    @Override
    public Optional<LinearAlgebra> find() {
        return OpenBlasLinearAlgebra.of(LibrarySelection.selected());
    }
}
