package ebbtide.bench.task;

import ebbtide.bench.data.Judge;
import ebbtide.bench.data.Outputs;
import ebbtide.bench.data.Window;
import java.util.Arrays;

/**
 * Remembers the absolute errors of the most recent training sequences, and is satisfied when each is
 * below a tolerance and their mean below a limit.
 */
final class RecentErrors implements Judge {
    /** Returns the absolute error of the answer to one sequence. */
    interface Error {
        float of(Window window, int b, Outputs outputs);
    }

    private final float[] memory;
    private final float tolerance;
    private final double limit;
    private final Error error;

    RecentErrors(int sequences, float tolerance, double limit, Error error) {
        // The last element is the next place to write: all of the memory is one array.
        this.memory = new float[sequences + 1];
        this.tolerance = tolerance;
        this.limit = limit;
        this.error = error;
        Arrays.fill(memory, 0, sequences, Float.POSITIVE_INFINITY);
    }

    @Override
    public void watch(Window window, Outputs outputs) {
        int sequences = memory.length - 1;
        int place = (int) memory[sequences];
        for (int b = 0; b < window.batch; b++) {
            memory[place] = error.of(window, b, outputs);
            place = place + 1 == sequences ? 0 : place + 1;
        }
        memory[sequences] = place;
    }

    @Override
    public boolean satisfied() {
        double sum = 0;
        for (int i = 0; i < memory.length - 1; i++) {
            if (!(memory[i] < tolerance)) {
                return false;
            }
            sum += memory[i];
        }
        return sum / (memory.length - 1) < limit;
    }

    @Override
    public float[] memory() {
        return memory;
    }
}
