package ebbtide.bench.cli;

import ebbtide.bench.BadInput;
import ebbtide.bench.train.Checkpoint;
import ebbtide.bench.train.Models;
import ebbtide.bench.train.Recipe;
import ebbtide.engine.Model;
import java.nio.file.Path;

/**
 * A model that {@code ebbtide train} has saved.
 *
 * @param checkpoint what the file holds
 * @param recipe of its training
 */
record SavedModel(Checkpoint checkpoint, Recipe recipe) {
    /**
     * Reads a file.
     *
     * @throws BadInput if it is missing, damaged, or not one of Ebbtide's
     */
    static SavedModel read(Path file) {
        Checkpoint checkpoint = Checkpoint.read(file);
        Definition definition = Definition.parse(checkpoint.text("arguments"), file.toString());
        return new SavedModel(checkpoint, definition.recipe.recipe(definition.source));
    }

    /** Returns the model with its best weights. Chooses kernels, which logs a line. */
    Model load() {
        Model model = Models.create(
                recipe, (int) checkpoint.number("inputs"), (int) checkpoint.number("outputs"),
                Boolean.parseBoolean(checkpoint.text("tokens")), Models.kernels("auto"));
        checkpoint.restoreBest(model.parameters());
        return model;
    }
}
