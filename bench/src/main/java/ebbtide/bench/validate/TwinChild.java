package ebbtide.bench.validate;

import ebbtide.checks.TestData;
import ebbtide.checks.TwinCase;
import ebbtide.checks.Twins;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.List;

/** The twins at the width of this JVM: arguments are the number of calls and the seed. */
final class TwinChild {
    private static final int LINES = 200;

    private TwinChild() {
    }

    /** Prints the name of the kernels, then calls made and cases that differ, with the first of them. */
    public static void main(String[] arguments) {
        long calls = Long.parseLong(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        Kernels scalar = KernelSelection.reference();
        Kernels vector = KernelSelection.selected().kernels();
        List<TwinCase> all = TwinCase.all();
        TestData.Kind[] kinds = TestData.Kind.values();
        System.out.println("kernels " + vector.name());
        long failures = 0;
        String first = "";
        long told = 0;
        for (long i = 0; Twins.calls() < calls; i++) {
            TwinCase twin = all.get((int) (i % all.size()));
            TestData.Kind kind = kinds[(int) (i / all.size() % kinds.length)];
            try {
                twin.run(scalar, vector, seed + i, kind);
            } catch (AssertionError e) {
                failures++;
                first = first.isEmpty() ? e.getMessage() : first;
            }
            if (Twins.calls() >= calls || Twins.calls() * LINES / calls > told) {
                told = Twins.calls() * LINES / calls;
                System.out.printf("calls %d %d %s%n", Twins.calls(), failures, first);
            }
        }
    }
}
