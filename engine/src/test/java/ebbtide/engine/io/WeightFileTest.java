package ebbtide.engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ebbtide.engine.Gradients;
import ebbtide.engine.Layout;
import ebbtide.engine.Parameters;
import ebbtide.engine.optim.Optimizer;
import ebbtide.engine.random.Generator;
import ebbtide.kernels.KernelSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
    private static final float[] W = {1, 2, 3, 4, 5, 6};
    private static final float[] B = {7, 8};

    @TempDir
    Path folder;

    private static Layout layout() {
        return new Layout.Builder()
                .matrix("weight_ih_l0", 2, 3)
                .vector("bias_ih_l0", 2)
                .build();
    }

    private static Parameters parameters() {
        Parameters parameters = new Parameters(layout());
        parameters.write("weight_ih_l0", W);
        parameters.write("bias_ih_l0", B);
        return parameters;
    }

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    @Test
    void parametersTravelWithoutPadding() throws IOException {
        WeightFile.save(file(), parameters(), Map.of("cell", "rnn"), List.of());
        Map<String, StoredTensor> raw = Safetensors.read(file()).tensors();
        assertEquals("weight_ih_l0 F32[2, 3]", raw.get("weight_ih_l0").toString());
        assertEquals("bias_ih_l0 F32[2]", raw.get("bias_ih_l0").toString());
        assertArrayEquals(W, raw.get("weight_ih_l0").floats());

        Parameters loaded = new Parameters(layout());
        long version = loaded.version();
        assertEquals("rnn", WeightFile.load(file(), loaded).metadata().get("cell"));
        assertArrayEquals(W, loaded.read("weight_ih_l0"));
        assertArrayEquals(B, loaded.read("bias_ih_l0"));
        assertEquals(version + 1, loaded.version());
    }

    @Test
    void aTrainingTravelsWithItsOptimizerAndGenerator() throws IOException {
        Parameters parameters = parameters();
        Optimizer adam =
                Optimizer.named("adam", KernelSelection.selected().kernels(), parameters.layout());
        Gradients gradients = new Gradients(parameters.layout());
        parameters.layout().write(gradients.array(), "bias_ih_l0", new float[] {1, -1});
        adam.step(parameters, gradients, 0.1);
        Generator random = Generator.of(5);
        List<StoredTensor> extras = new ArrayList<>();
        extras.add(StoredTensor.longs("training.random", random.state(), 4));
        extras.add(StoredTensor.longs("training.updates", new long[] {adam.updates()}));
        for (Optimizer.State state : adam.state()) {
            extras.addAll(
                    WeightFile.tensors(
                            "optimizer." + state.name() + ".",
                            parameters.layout(),
                            state.values()));
        }
        WeightFile.save(file(), parameters, Map.of(), extras);

        Parameters loaded = new Parameters(layout());
        Safetensors.Contents contents =
                WeightFile.load(
                        file(),
                        loaded,
                        name -> name.startsWith("optimizer.") || name.startsWith("training."));
        Optimizer other =
                Optimizer.named("adam", KernelSelection.selected().kernels(), loaded.layout());
        List<Optimizer.State> states = new ArrayList<>();
        for (Optimizer.State state : other.state()) {
            states.add(
                    new Optimizer.State(
                            state.name(),
                            WeightFile.flat(
                                    file(),
                                    contents,
                                    "optimizer." + state.name() + ".",
                                    loaded.layout())));
        }
        other.restore(contents.tensors().get("training.updates").longs()[0], states);
        Generator resumed = Generator.of(0);
        resumed.restore(contents.tensors().get("training.random").longs());
        assertEquals(random.nextLong(), resumed.nextLong());

        for (int i = 0; i < 5; i++) {
            adam.step(parameters, gradients, 0.1);
            other.step(loaded, gradients, 0.1);
        }
        assertArrayEquals(parameters.read("bias_ih_l0"), loaded.read("bias_ih_l0"));
        assertArrayEquals(parameters.read("weight_ih_l0"), loaded.read("weight_ih_l0"));
    }

    private static StoredTensor weight() {
        return StoredTensor.floats("weight_ih_l0", W, 2, 3);
    }

    private static StoredTensor bias() {
        return StoredTensor.floats("bias_ih_l0", B, 2);
    }

    @Test
    void anyMismatchLoadsNothing() throws IOException {
        refused("expected bias_ih_l0 F32[2], got no tensor", weight());
        refused("expected weight_ih_l0 F32[2, 3], got no tensor", bias());
        refused(
                "expected weight_ih_l0 F32[2, 3], got weight_ih_l0 F32[3, 2]",
                StoredTensor.floats("weight_ih_l0", W, 3, 2),
                bias());
        refused(
                "expected bias_ih_l0 F32[2], got bias_ih_l0 F32[1, 2]",
                weight(),
                StoredTensor.floats("bias_ih_l0", B, 1, 2));
        refused(
                "expected bias_ih_l0 F32[2], got bias_ih_l0 I64[2]",
                weight(),
                StoredTensor.longs("bias_ih_l0", new long[2], 2));
        refused(
                "unexpected tensor bias_hh_l0",
                weight(),
                bias(),
                StoredTensor.floats("bias_hh_l0", B, 2));
    }

    private void refused(String message, StoredTensor... tensors) throws IOException {
        Safetensors.write(file(), Map.of(), List.of(tensors));
        assertRefused(message);
    }

    private void assertRefused(String message) {
        Parameters parameters = parameters();
        parameters.write("bias_ih_l0", new float[] {-1, -2});
        long version = parameters.version();
        String found =
                assertThrows(
                        InvalidFileException.class,
                        () -> WeightFile.load(file(), parameters))
                        .getMessage();
        assertTrue(found.contains(message), found);
        assertFalse(found.contains("\n"), found);
        assertEquals(version, parameters.version());
        assertArrayEquals(new float[] {-1, -2}, parameters.read("bias_ih_l0"));
        assertArrayEquals(W, parameters.read("weight_ih_l0"));
    }

    @Test
    void aTruncatedFileLoadsNothing() throws IOException {
        WeightFile.save(file(), parameters(), Map.of(), List.of());
        byte[] bytes = Files.readAllBytes(file());
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file(), Arrays.copyOf(bytes, length));
            assertRefused(file() + ": ");
        }
    }

    @Test
    void namesThatClashAreRefusedAndTheOldFileStays() throws IOException {
        WeightFile.save(file(), parameters(), Map.of(), List.of());
        byte[] before = Files.readAllBytes(file());
        assertThrows(
                IllegalArgumentException.class,
                () -> WeightFile.save(file(), parameters(), Map.of(), List.of(bias())));
        assertArrayEquals(before, Files.readAllBytes(file()));
    }
}
