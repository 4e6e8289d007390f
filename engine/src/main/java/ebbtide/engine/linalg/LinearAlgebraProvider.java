package ebbtide.engine.linalg;

import java.util.Optional;

/** A service that brings a faster {@link LinearAlgebra}, as {@code ebbtide.openblas} does. */
public interface LinearAlgebraProvider {
    /** Returns what it brings, or nothing if it cannot serve here; it says why in the log. */
    Optional<LinearAlgebra> find();
}
