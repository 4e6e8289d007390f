package ebbtide.bench.train;

/**
 * Everything that defines a training besides its data.
 *
 * @param structure of the network
 * @param init initialiser of the recurrent weights, as {@code Initializers.parse} takes it
 * @param orthogonal whether the recurrent weights stay orthogonal
 * @param seed of weights, data order and sampling
 * @param steps updates in all
 * @param optimizer name of the optimiser
 * @param rate learning rate
 * @param schedule {@code constant}, {@code step} or {@code cosine}
 * @param warmup updates of linear warm-up
 * @param clipNorm limit of the global norm, 0 for none
 * @param clipValue limit of every gradient, 0 for none
 * @param clipAdjoint limit of the norm of each sequence's adjoint at every time step, 0 for none
 * @param gradualUnderflow whether what vanishes is kept down to the last subnormal
 * @param flowWeight weight of Pascanu's Ω, 0 for none
 * @param validateEvery updates between validations
 */
public record Recipe(
        Structure structure,
        String init,
        boolean orthogonal,
        long seed,
        long steps,
        String optimizer,
        double rate,
        String schedule,
        long warmup,
        float clipNorm,
        float clipValue,
        float clipAdjoint,
        boolean gradualUnderflow,
        double flowWeight,
        long validateEvery) {
    /** Returns the same with gradual underflow. */
    public Recipe withGradualUnderflow() {
        return new Recipe(
                structure, init, orthogonal, seed, steps, optimizer, rate, schedule, warmup,
                clipNorm,
                clipValue, clipAdjoint, true, flowWeight, validateEvery);
    }
}
