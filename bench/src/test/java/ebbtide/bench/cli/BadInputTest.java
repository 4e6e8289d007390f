package ebbtide.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input: exit code 2, one line on standard error, nothing on standard output, nothing written. */
class BadInputTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void files() throws IOException {
        write("empty.txt", "");
        write("short.txt", "abcdefgh");
        write("good.txt", "the tide goes out, the tide comes in. ".repeat(30));
        Files.write(folder.resolve("latin1.txt"),
                "na\u00EFve".getBytes(StandardCharsets.ISO_8859_1));
        write("holes.csv", "a,b\n1,2\n3,\n");
        write("ragged.csv", "a,b\n1,2\n3\n");
        write("good.csv", "a,b\n1,2\n3,4\n");
        Files.createDirectory(folder.resolve("folder"));
        train("--text", "good.txt", "--out", "text.safetensors");
        train("--task", "latch", "--length", "5", "--out", "latch.safetensors");
        byte[] whole = Files.readAllBytes(folder.resolve("text.safetensors"));
        Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length - 100));
        byte[] lying = whole.clone();
        lying[1] = 0x7F;
        lying[4] = 0x7F;
        Files.write(folder.resolve("lying.safetensors"), lying);
        String header = "{}";
        write("bare.safetensors", "\u0002\0\0\0\0\0\0\0" + header);
        train("--text", "good.txt", "--out", "moved.safetensors");
        write("changed.txt", "the tide comes in, the tide goes out. ".repeat(30));
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static void train(String... options) {
        String[] all = Stream.concat(
                Stream.of("train", "--steps", "1", "--hidden", "3"),
                Arrays.stream(options).map(BadInputTest::place))
                .toArray(String[]::new);
        CommandRun run = CommandRun.of(all);
        assertEquals(0, run.code(), run.err());
    }

    /** Names of files mean files in the folder. */
    private static String place(String argument) {
        boolean file = argument.matches("[a-z0-9]+\\.(txt|csv|safetensors)|folder|none/.*");
        return file ? folder.resolve(argument).toString() : argument;
    }

    private static Map<Path, Long> contents() throws IOException {
        Map<Path, Long> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.put(file, Files.getLastModifiedTime(file).toMillis() + Files.size(file));
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train --bogus                                    | Unknown option: '--bogus'
            train --hidden ten                               | Invalid value for option '--hidden'
            train extra                                      | Unmatched argument at index 1: 'extra'
            drain                                            | Unmatched argument at index 0: 'drain'
            sample                                           | Missing required option: '--model=FILE'
            train --text empty.txt                           | expected text, got an empty file
            train --text latin1.txt                          | expected UTF-8, got byte 0xEF at offset 2
            train --text missing.txt                         | expected a file, got none of this name
            train --text folder                              | expected a file, got a directory
            train --text short.txt                           | expected at least 21 characters
            train --text good.txt --batch 64                 | characters for --batch 64 --bptt 1
            train --text good.txt --bptt 4 --bptt-shift 5    | expected at most --bptt 4, got 5
            train --text good.txt --csv good.csv             | expected one of --text, --csv and --task, got 2
            train --text good.txt --length 5                 | --length: expected only with --task
            train --text good.txt --horizon 5                | --horizon: expected only with --csv
            train --task copy --bptt 5                       | --bptt: expected only with --text or --csv
            train --task copy --length 0                     | --length: expected at least 1
            train --task sorting                             | --task: expected one of adding
            train --csv holes.csv --target a                 | line 3, column b: expected a number, got a hole
            train --csv ragged.csv --target a                | line 3: expected 2 columns as in line 1, got 1
            train --csv good.csv --target c                  | expected a column named c, got a, b
            train --csv good.csv                             | expected --target COLUMN with it
            train --csv good.csv --target a                  | expected at least
            train --text good.txt --hidden 0                 | --hidden: expected at least 1, got 0
            train --text good.txt --hidden -5                | --hidden: expected at least 1, got -5
            train --text good.txt --hidden 100000            | more than one array holds
            train --text good.txt --batch -1                 | --batch: expected at least 1, got -1
            train --text good.txt --steps 0                  | --steps: expected at least 1, got 0
            train --text good.txt --layers 0                 | --layers: expected at least 1, got 0
            train --text good.txt --lr NaN                   | --lr: expected a number above 0, got NaN
            train --text good.txt --clip -1                  | --clip: expected a number of at least 0
            train --text good.txt --cell lstmm                | --cell: expected one of sigmoid, tanh
            train --text good.txt --cell gru --learn-leak    | --learn-leak: expected only with --cell sigmoid
            train --text good.txt --learn-leak --leak 1      | --leak: expected less than 1 with --learn-leak
            train --text good.txt --learn-leak --skip 2      | --skip: expected no --leak with it
            train --text good.txt --cell lstm --residual-recurrence | --residual-recurrence: expected only with
            train --text good.txt --residual-recurrence --skip 2 | --residual-recurrence: expected no --skip
            train --text good.txt --cell gru --peepholes     | --peepholes: expected only with --cell lstm
            train --text good.txt --cell skip --layer-norm   | --layer-norm: expected no --skip
            train --text good.txt --cell gru-reset-first --layer-norm | --layer-norm: expected only with
            train --text good.txt --cell gru --cell-zoneout 0.1 | --cell-zoneout: expected only with --cell lstm
            train --text good.txt --projection 4             | --projection: expected only with --cell lstm
            train --text good.txt --cell lstm --peepholes --projection 4 | --projection: expected no --peepholes
            train --text good.txt --cell lstm --hidden 4 --projection 4 | less than --hidden 4, got 4
            train --text good.txt --cell lstm --projection 4 --orthogonal | expected no --orthogonal with it
            train --text good.txt --cell lstm --projection 4 --init radius=1 | expected no --init radius=1
            train --text good.txt --flow-weight -1           | --flow-weight: expected a number of at least 0
            train --text good.txt --cell lstm --flow-weight 1 | --flow-weight: expected sigmoid, tanh, relu
            train --text good.txt --skip 3 --flow-weight 1   | without skip connections
            train --text good.txt --zoneout 0.5 --flow-weight 1 | without skip connections
            train --text good.txt --optimizer lion           | --optimizer: expected one of sgd
            train --text good.txt --schedule odd             | --schedule: expected one of constant
            train --text good.txt --init odd                 | unknown initializer 'odd'
            train --text good.txt --init radius=x            | expected a number after '='
            train --text good.txt --threads 0                | --threads: expected at least 1, got 0
            train --text good.txt --kernels odd              | --kernels: expected one of auto
            train --text good.txt --inexact --kernels 128    | --inexact: expected --kernels auto, got 128
            train --text good.txt --validation-split 1       | --validation-split: expected more than 0
            train --text good.txt --out folder               | --out: expected a regular file
            train --text good.txt --out none/x.safetensors   | --out: expected a folder
            train --resume missing.safetensors               | expected a model, got no file of this name
            train --resume cut.safetensors                   | (truncated)
            train --resume lying.safetensors                 | expected a header of 2 to
            train --resume bare.safetensors                  | expected a model of ebbtide train
            train --resume text.safetensors --hidden 5       | --hidden: expected none with --resume
            train --resume text.safetensors --csv good.csv   | the run in
            train --resume text.safetensors --text changed.txt | expected the data it was trained on
            sample --model missing.safetensors               | expected a model, got no file of this name
            sample --model cut.safetensors                   | (truncated)
            sample --model latch.safetensors                 | expected a character model, got one of latch
            sample --model text.safetensors --prompt X       | got U+0058 (LATIN CAPITAL LETTER X)
            sample --model text.safetensors --temperature 0  | --temperature: expected a number above 0
            sample --model text.safetensors --length 0       | --length: expected at least 1
            """)
    void oneLine(String arguments, String expected) throws IOException {
        List<String> words = Arrays.stream(arguments.split(" +")).map(BadInputTest::place).toList();
        Map<Path, Long> before = contents();
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertEquals(2, run.code(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("ebbtide: "), run.err());
        assertTrue(run.err().contains(expected), run.err());
        assertEquals(before, contents(), "nothing may be written");
    }
}
