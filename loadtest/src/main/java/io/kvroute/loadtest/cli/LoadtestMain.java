package io.kvroute.loadtest.cli;

import io.kvroute.loadtest.demo.DemoCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The root command of {@code bin/kvroute-loadtest}. Exit codes: 0 success, 1 failure, 2 usage. */
@Command(
    name = "kvroute-loadtest",
    description = "Simulated replicas, recordings and load for kvroute.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      ReplicaCommand.class,
      SimulateCommand.class,
      VerifyEngineCommand.class
    })
public final class LoadtestMain {

  private LoadtestMain() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  /** Runs a command and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commands =
        new CommandLine(new LoadtestMain())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(LoadtestMain::usageError)
            .setExecutionExceptionHandler(LoadtestMain::runtimeError);
    int code = commands.execute(args);
    out.flush();
    err.flush();
    return code;
  }

  private static int usageError(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .printf(
            "%s: %s (see %s --help)%n",
            command.getCommandSpec().qualifiedName(),
            e.getMessage(),
            command.getCommandSpec().root().name());
    return CommandLine.ExitCode.USAGE;
  }

  private static int runtimeError(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    boolean wrongSetting = e instanceof IllegalArgumentException;
    command.getErr().printf("%s: %s%n", command.getCommandSpec().qualifiedName(), message(e));
    return wrongSetting ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
