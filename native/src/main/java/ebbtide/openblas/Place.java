package ebbtide.openblas;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One place where an OpenBLAS was looked for.
 *
 * @param origin which way, in words
 * @param library the file, if there was a hit and it names one
 * @param note what else to say, e.g. why there was no hit; may be empty
 * @param hit whether the search ended here
 */
public record Place(String origin, Optional<Path> library, String note, boolean hit) {
    static Place file(String origin, Path library) {
        return new Place(origin, Optional.of(library), "", true);
    }

    static Place failure(String origin, String note) {
        return new Place(origin, Optional.empty(), note, true);
    }

    static Place nothing(String origin, String note) {
        return new Place(origin, Optional.empty(), note, false);
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return origin + ": " + library.map(Path::toString).orElse(note);
    }
}
