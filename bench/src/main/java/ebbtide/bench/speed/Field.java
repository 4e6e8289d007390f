package ebbtide.bench.speed;

import ebbtide.engine.Workers;
import java.util.List;

/** Sets up those who compete at a piece of work. */
public interface Field {
    /**
     * Returns the contestants, ours first, or nobody for another number of threads; they are closed when
     * all is measured.
     *
     * @param workers the pool of ours; its size is the number of threads of everyone
     */
    List<Contestant> contestants(Workers workers);
}
