package ebbtide.engine;

import ebbtide.engine.io.Safetensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The cases that PyTorch computed; see {@code golden/README.md} in the test resources. */
public final class Golden {
    private Golden() {}

    /** Returns the file of a case, for example {@code adam}. */
    public static Path file(String name) {
        URL resource = Golden.class.getResource("/golden/" + name + ".safetensors");
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads a case. */
    public static Safetensors.Contents read(String name) throws IOException {
        return Safetensors.read(file(name));
    }
}
