package ebbtide.bench.published;

import ebbtide.bench.published.Experiment.Form;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Outcomes of one form of an experiment as a section of {@code RESULTS.md}. */
public final class Section {
    private Section() {
    }

    /** Returns the name of the section. */
    public static String name(Experiment experiment, Form form) {
        return "published-%s-%s".formatted(experiment.name(), lower(form));
    }

    /** Returns the command that runs a form. */
    public static String command(Experiment experiment, Form form) {
        return "./ebbtide published %s --%s".formatted(experiment.name(), lower(form));
    }

    /** Returns the section of a form that was not run. */
    public static String notRun(Experiment experiment, Form form) {
        return heading(experiment, form)
                + "\n\nNot run. The command is `%s`.".formatted(command(experiment, form));
    }

    /**
     * Returns the section of a form that was run.
     *
     * @param trials of the form, each with an outcome for every seed
     * @param place machine, commit and date
     */
    public static String markdown(
            Experiment experiment, Form form, List<List<Outcome>> trials, String place) {
        StringBuilder text = new StringBuilder(heading(experiment, form));
        text.append("\n\n").append(experiment.published());
        text.append("\n\nHere: ").append(experiment.differs());
        text.append("\n\n| trial | seeds | solved | sequences | wrong in the test | test loss |"
                + " without memory | seconds |\n|---|---|---|---|---|---|---|---|\n");
        for (List<Outcome> outcomes : trials) {
            Outcome first = outcomes.getFirst();
            long solved = outcomes.stream().filter(Outcome::solved).count();
            text.append(String.format(
                    Locale.ROOT, "| %s | %s | %d of %d | %s | %s of %,d | %s | %.3g | %s |%n",
                    first.trial().label(), each(outcomes, o -> "" + o.seed()), solved,
                    outcomes.size(), each(outcomes, o -> grouped(o.sequences())),
                    each(outcomes, o -> grouped(o.wrong())), first.answers(),
                    each(outcomes, o -> String.format(Locale.ROOT, "%.3g", o.loss())),
                    first.baseline(), each(outcomes, o -> "" + Math.round(o.seconds()))));
        }
        text.append("\n`").append(command(experiment, form)).append("`, ").append(place)
                .append(". Each row is `./ebbtide train` with\n\n```\n");
        trials.forEach(outcomes -> {
            Trial trial = outcomes.getFirst().trial();
            text.append(trial.label()).append(": ").append(trial.arguments()).append('\n');
        });
        return text.append("```").toString();
    }

    private static String heading(Experiment experiment, Form form) {
        return "### %s, %s form".formatted(experiment.title(), lower(form));
    }

    private static String lower(Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String each(List<Outcome> outcomes, Function<Outcome, String> figure) {
        return outcomes.stream().map(figure).collect(Collectors.joining("; "));
    }
}
