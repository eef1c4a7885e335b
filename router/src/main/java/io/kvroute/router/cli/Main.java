package io.kvroute.router.cli;

import io.kvroute.config.ConfigException;
import io.kvroute.router.app.StartException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Exit codes: 0 success, 1 failure at run time, 2 wrong usage or configuration.
 */
public final class Main {

  private static final int HELP_WIDTH = 100;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(Console.ofProcess(), args));
  }

  /** Runs a command and returns its exit code. */
  public static int run(Console console, String... args) {
    return run(console, new ProcessSignals(), args);
  }

  static int run(Console console, StopSignal stop, String... args) {
    CommandLine commands =
        new CommandLine(new KvrouteCommand(console))
            .addSubcommand(new ServeCommand(console, stop))
            .addSubcommand(new CheckConfigCommand(console))
            .addSubcommand(new ExplainCommand(console))
            .addSubcommand(new TokenizeCommand(console))
            .addSubcommand(new WarmUpCommand(console))
            .setUsageHelpWidth(HELP_WIDTH)
            .setOut(console.out())
            .setErr(console.err())
            .setParameterExceptionHandler(Main::wrongUsage)
            .setExecutionExceptionHandler(Main::failed);
    int code = commands.execute(args);
    console.out().flush();
    console.err().flush();
    return code;
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().printf("%s: %s%n", name, e.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
      command.getErr().printf("Try '%s --help'.%n", name);
    }
    return ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
    String name = command.getCommandSpec().qualifiedName();
    return switch (e) {
      case ConfigException wrong -> {
        wrong.problems().forEach(problem -> command.getErr().println(problem));
        yield ExitCode.USAGE;
      }
      case CommandException failure -> {
        command.getErr().printf("%s: %s%n", name, failure.getMessage());
        yield failure.exitCode();
      }
      case StartException start -> {
        command.getErr().printf("%s: %s%n", name, start.getMessage());
        yield ExitCode.FAILED;
      }
      case NoSuchFileException gone -> {
        command.getErr().printf("%s: %s: no such file%n", name, gone.getMessage());
        yield ExitCode.FAILED;
      }
      case IOException io -> {
        command.getErr().printf("%s: %s%n", name, io.getMessage());
        yield ExitCode.FAILED;
      }
      default -> throw e;
    };
  }
}
