package ebbtide.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ebbtide.engine.linalg.LinearAlgebra;
import org.junit.jupiter.api.Test;

class LinearAlgebraProviderTest {
    @Test
    void theEngineFindsWhatWasSelected() {
        assertEquals(
                LibrarySelection.selected().library()
                        .map(library -> "OpenBLAS " + library.version()),
                LinearAlgebra.provided().map(LinearAlgebra::name));
    }
}
