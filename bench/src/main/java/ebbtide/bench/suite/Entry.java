package ebbtide.bench.suite;

import ebbtide.bench.speed.Field;
import ebbtide.bench.speed.Workload;

/**
 * One thing to time.
 *
 * @param bytes about how much heap ours takes, for one number of threads
 */
public record Entry(Workload work, Field field, long bytes) {
}
