package ebbtide.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import ebbtide.bench.BadInput;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** All options that define a run; a checkpoint keeps them as the arguments they were. */
@Command
final class Definition {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    RecipeOptions recipe = new RecipeOptions();

    /** Returns the options as one line of JSON. */
    String toJson() {
        List<String> arguments = new ArrayList<>(source.arguments());
        arguments.addAll(recipe.arguments());
        try {
            return JSON.writeValueAsString(arguments);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a list of texts is always JSON", e);
        }
    }

    /**
     * Reads options as they stand on the command line of {@code ebbtide train}.
     *
     * @throws ParameterException if there is one that is none
     */
    static Definition of(String... arguments) {
        Definition definition = new Definition();
        new CommandLine(definition).parseArgs(arguments);
        return definition;
    }

    /**
     * Reads what {@link #toJson} gave.
     *
     * @throws BadInput if it is damaged
     */
    static Definition parse(String json, String file) {
        try {
            return of(JSON.readValue(json, String[].class));
        } catch (JsonProcessingException | ParameterException e) {
            throw new BadInput(
                    "%s: expected options as ebbtide train saves them, got: %s; use an undamaged copy",
                    file, e.getMessage().lines().findFirst().orElse(""));
        }
    }
}
