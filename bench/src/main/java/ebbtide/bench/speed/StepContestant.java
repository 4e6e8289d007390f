package ebbtide.bench.speed;

/** A contestant that computes a step of one layer and can show what came out. */
public interface StepContestant extends Contestant {
    /** What a step gives, without gaps, and in PyTorch's layout. */
    enum Output {
        /** States [T, B, H]. */
        Y,
        /** ∂L/∂x [T, B, I]. */
        DX,
        /** ∂L/∂W [G·H, I]. */
        DW,
        /** ∂L/∂U [G·H, H]. */
        DU,
        /** ∂L/∂b of the inputs [G·H]. */
        INPUT_DB,
        /** ∂L/∂b of the recurrence [G·H]. */
        RECURRENT_DB
    }

    /** Returns what the last step gave; gradients of parameters are the sums of all steps so far. */
    float[] read(Output output);
}
