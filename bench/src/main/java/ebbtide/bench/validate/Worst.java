package ebbtide.bench.validate;

import java.util.function.Supplier;

/** The worst of many cases, and where it was. A NaN is worse than everything. */
public final class Worst {
    private final String shape;
    private long cases;
    private double error;
    private String place = "";
    private String worstShape = "";

    /** Starts with nothing seen, of no particular shape. */
    public Worst() {
        this("");
    }

    /** Starts with nothing seen of cases of this shape. */
    public Worst(String shape) {
        this.shape = shape;
    }

    /** Sees a case. */
    public void see(double caseError, Supplier<String> where) {
        cases++;
        double found = Double.isNaN(caseError) ? Double.POSITIVE_INFINITY : caseError;
        if (found > error) {
            error = found;
            place = where.get();
            worstShape = shape;
        }
    }

    /** Sees a case that is right or wrong, and counts those that are wrong. */
    public void see(boolean right, Supplier<String> where) {
        cases++;
        if (!right) {
            error++;
            if (place.isEmpty()) {
                place = where.get();
                worstShape = shape;
            }
        }
    }

    /** Sees all that another one saw. */
    public void see(Worst other) {
        cases += other.cases;
        if (other.error > error) {
            error = other.error;
            place = other.place;
            worstShape = other.worstShape;
        }
    }

    long cases() {
        return cases;
    }

    double error() {
        return error;
    }

    String place() {
        return place;
    }

    String shape() {
        return worstShape;
    }
}
