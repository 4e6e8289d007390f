package ebbtide.bench.published;

import java.util.List;

/**
 * A published result and the trainings that repeat it.
 *
 * @param name on the command line
 * @param title in the record
 * @param published the source, and what it reports
 * @param differs where these trainings are not the paper's
 * @param quick trainings of minutes
 * @param paper trainings with the paper's own settings, hours
 */
public record Experiment(
        String name,
        String title,
        String published,
        String differs,
        List<Trial> quick,
        List<Trial> paper) {
    /** The two forms of every experiment. */
    public enum Form {
        /** Settings that succeed within minutes. */
        QUICK,
        /** The paper's own settings. */
        PAPER
    }

    /** Returns the trials of a form. */
    public List<Trial> trials(Form form) {
        return form == Form.QUICK ? quick : paper;
    }
}
