package ebbtide.engine.optim;

/** Gradients hold NaN or infinity where a finite number is needed; they were left as they are. */
public final class NonFiniteGradientException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    private final float value;

    NonFiniteGradientException(String what, float value) {
        super(
                "%s is %s, expected a finite number; lower the learning rate, clip the adjoint, or skip this update"
                        .formatted(what, value));
        this.value = value;
    }

    /** Returns the number that was not finite. */
    public float value() {
        return value;
    }
}
