package ebbtide.openblas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Looks for an OpenBLAS, first hit wins: the system property, the environment variable, the
 * system's library, the jar. A hit wins even if it is refused later, so that nobody who names a
 * library runs another without knowing.
 *
 * @param property reads a system property
 * @param environment reads an environment variable
 * @param folders where the system keeps libraries
 * @param loaders class loaders that may know the jar
 * @param cache where the jar's library is extracted
 */
record LibraryFinder(
        UnaryOperator<String> property,
        UnaryOperator<String> environment,
        List<Path> folders,
        List<ClassLoader> loaders,
        CacheFolder cache) {

    static final String PROPERTY = "ebbtide.openblas.library";
    static final String VARIABLE = "EBBTIDE_OPENBLAS";

    /** Debian, Arch and others; then the LP64 pthreads builds of Fedora and openSUSE. */
    private static final List<String> NAMES =
            List.of("libopenblas.so.0", "libopenblasp.so.0", "libopenblas_pthreads.so.0");

    private static final String PROPERTY_ORIGIN = "system property " + PROPERTY;
    private static final String VARIABLE_ORIGIN = "environment variable " + VARIABLE;
    private static final String SYSTEM_ORIGIN = "system library";
    private static final String JAR_ORIGIN = "jar org.bytedeco:openblas";

    /** The finder for this process. */
    static LibraryFinder ofProcess() {
        UnaryOperator<String> environment = System::getenv;
        return new LibraryFinder(
                System::getProperty,
                environment,
                systemFolders(System.getProperty("java.library.path", ""),
                        System.getProperty("os.arch")),
                Stream.of(
                        Thread.currentThread().getContextClassLoader(),
                        LibraryFinder.class.getClassLoader(),
                        ClassLoader.getSystemClassLoader()).filter(Objects::nonNull).distinct()
                        .toList(),
                CacheFolder.ofUser(environment, System.getProperty("user.home", "")));
    }

    /** Looks until the first hit; the last place is that hit, if there is one. */
    List<Place> search() {
        List<Place> places = new ArrayList<>();
        for (Looking looking : List.<Looking>of(
                () -> named(PROPERTY_ORIGIN, property.apply(PROPERTY)),
                () -> named(VARIABLE_ORIGIN, environment.apply(VARIABLE)),
                this::system,
                this::jar)) {
            Place place = looking.look();
            places.add(place);
            if (place.hit()) {
                break;
            }
        }
        return places;
    }

    private interface Looking {
        Place look();
    }

    private static Place named(String origin, String value) {
        if (value == null || value.isBlank()) {
            return Place.nothing(origin, "not set");
        }
        try {
            return Place.file(origin, Path.of(value).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Place.failure(origin, "expected a path, got \"%s\"".formatted(value));
        }
    }

    Place system() {
        for (Path folder : folders) {
            for (String name : NAMES) {
                Path candidate = folder.resolve(name);
                if (Files.exists(candidate)) {
                    return Place.file(SYSTEM_ORIGIN, candidate);
                }
            }
        }
        return Place.nothing(SYSTEM_ORIGIN, "none of %s in %s".formatted(
                String.join(", ", NAMES),
                String.join(":", folders.stream().map(Path::toString).toList())));
    }

    Place jar() {
        Optional<String> platform =
                JarLibrary.platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (platform.isEmpty()) {
            return Place.nothing(JAR_ORIGIN, "not used on this platform");
        }
        String origin = JAR_ORIGIN + ":" + platform.get();
        try {
            for (ClassLoader loader : loaders) {
                Optional<JarLibrary> jar = JarLibrary.find(loader, platform.get());
                if (jar.isPresent()) {
                    return Place.file(origin, Extraction.extract(jar.get(), cache));
                }
            }
            return Place.nothing(origin, "not on the class or module path");
        } catch (IOException e) {
            return Place.failure(origin,
                    "cannot be extracted to %s: %s".formatted(cache.path(), e));
        }
    }

    /** LD_LIBRARY_PATH and the loader's own (both in java.library.path), then Debian's. */
    static List<Path> systemFolders(String libraryPath, String architecture) {
        Set<Path> folders = new LinkedHashSet<>();
        for (String folder : libraryPath.split(":")) {
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        String triplet = switch (architecture) {
            case "amd64" -> "x86_64-linux-gnu";
            default -> architecture + "-linux-gnu";
        };
        for (String folder : List.of("/usr/local/lib", "/usr/lib/" + triplet, "/lib/" + triplet,
                "/usr/lib64", "/usr/lib")) {
            folders.add(Path.of(folder));
        }
        return List.copyOf(folders);
    }
}
