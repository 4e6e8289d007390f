package ebbtide.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ebbtide.bench.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsFileTest {
    @TempDir
    Path folder;

    @Test
    void sectionsLeaveEachOtherAlone() throws IOException {
        Path path = folder.resolve("RESULTS.md");
        ResultsFile file = new ResultsFile(path);
        file.replace("speed", "# Speed\n\n100 $1 \\ GFLOP/s\n\n");
        file.replace("training", "# Training\n");
        Files.writeString(path, "Preface.\n\n" + Files.readString(path) + "\nAfterword.\n");
        file.replace("speed", "# Speed\n101");
        assertEquals("""
                Preface.

                <!-- begin speed -->
                # Speed
                101
                <!-- end speed -->

                <!-- begin training -->
                # Training
                <!-- end training -->

                Afterword.
                """, Files.readString(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!-- begin speed -->\n", "<!-- end speed -->\n",
                "<!-- end speed -->\n<!-- begin speed -->\n",
                "<!-- begin speed -->\n<!-- begin speed -->\n<!-- end speed -->\n",
                "<!-- begin speed -->\n<!-- end speed -->\n<!-- end speed -->\n"
            })
    void damagedMarksAreRefusedAndKept(String damaged) throws IOException {
        Path path = folder.resolve("RESULTS.md");
        Files.writeString(path, damaged);
        ResultsFile file = new ResultsFile(path);
        assertThrows(BadInput.class, () -> file.replace("speed", "x"));
        assertEquals(damaged, Files.readString(path));
        assertThrows(IllegalArgumentException.class, () -> file.replace("a -->", "x"));
    }
}
