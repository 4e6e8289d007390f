package ebbtide.bench;

import ebbtide.bench.cli.BenchCommand;
import ebbtide.bench.cli.Console;
import ebbtide.bench.cli.DoctorCommand;
import ebbtide.bench.cli.EchoCommand;
import ebbtide.bench.cli.Errors;
import ebbtide.bench.cli.ExportCommand;
import ebbtide.bench.cli.FlowCommand;
import ebbtide.bench.cli.Interrupt;
import ebbtide.bench.cli.PublishedCommand;
import ebbtide.bench.cli.SampleCommand;
import ebbtide.bench.cli.TrainCommand;
import ebbtide.bench.cli.ValidateCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Spec;

/** The {@code ebbtide} command. */
@Command(
        name = "ebbtide",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Trains recurrent networks by backpropagation through time, on the JVM.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  ebbtide train                     a minute on Ebbtide's own text",
            "  ebbtide train --text book.txt     a character model of any text",
            "  ebbtide sample --model model.safetensors --prompt \"Once \"",
            "  ebbtide doctor                    is this machine set up for speed?",
            "",
            "Exit codes: 0 done, 1 a check failed, 2 bad input, 130 interrupted."
        })
public final class Ebbtide implements Runnable {
    @Spec
    private CommandLine.Model.CommandSpec spec;

    private Ebbtide() {
    }

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        // One line per log record, if the user has not said otherwise; it is read at the first record.
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%5$s%n");
        }
        // The platform's own streams write what the locale can: text models need all of Unicode.
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        System.exit(run(out, err, Interrupt.onSignal(), arguments));
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Runs the command on the given streams and returns its exit code. */
    public static int run(
            PrintStream out, PrintStream err, Interrupt interrupt, String... arguments) {
        Console console = new Console(out, err);
        Errors errors = new Errors(err);
        CommandLine line = new CommandLine(new Ebbtide())
                .addSubcommand(new TrainCommand(console, interrupt))
                .addSubcommand(new SampleCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new DoctorCommand(console))
                .addSubcommand(new BenchCommand(console, interrupt))
                .addSubcommand(new EchoCommand(console, interrupt))
                .addSubcommand(new FlowCommand(console, interrupt))
                .addSubcommand(new PublishedCommand(console, interrupt))
                .addSubcommand(new ValidateCommand(console, interrupt))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(errors::parameters)
                .setExecutionExceptionHandler(errors::execution);
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError e) {
            return errors.memory();
        } finally {
            interrupt.release();
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
