package ebbtide.bench.speed;

import java.util.List;
import java.util.Map;

/**
 * What a benchmark found for one piece of work on one number of threads.
 *
 * @param peakGflops the FMA peak of as many threads, in the same rounds as ours
 * @param ours what is judged
 * @param peers who else did the work
 * @param ratios our speed over each peer's, packing and reordering charged to neither
 * @param packedRatios the same charged to both
 */
public record Row(
        Workload work,
        int threads,
        double peakGflops,
        Figures ours,
        List<Figures> peers,
        Map<String, Ratio> ratios,
        Map<String, Ratio> packedRatios) {
}
