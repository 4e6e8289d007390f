package ebbtide.bench.cli;

import ebbtide.bench.Ebbtide;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** One run of the command inside the test's JVM, and what it left. */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        return of(null, arguments);
    }

    /** Runs a command and presses Ctrl-C when standard error shows {@code signal}. */
    static CommandRun of(String signal, String[] arguments) {
        Interrupt interrupt = new Interrupt();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream watched = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                err.write(b);
                if (signal != null && b == '\n' && text(err).contains(signal)) {
                    interrupt.request();
                }
            }
        };
        int code = Ebbtide.run(stream(out), stream(watched), interrupt, arguments);
        return new CommandRun(code, text(out), text(err));
    }

    private static PrintStream stream(OutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    String lastLine() {
        return out.lines().reduce("", (a, b) -> b);
    }
}
