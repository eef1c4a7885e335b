package io.kvroute.router.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand: prints the usage. */
@Command(
    name = "kvroute",
    description = "Sends each request to the LLM replica that holds its prefix in KV cache.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    footer = {
      "",
      "kvroute demo runs a router on simulated replicas and shows what it gains; no GPU is needed.",
      "",
      "Exit codes: 0 fine, 1 failed at run time, 2 wrong usage or configuration."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the spec
final class KvrouteCommand implements Callable<Integer> {

  private final Console console;

  @Spec private CommandSpec spec;

  KvrouteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.err().print(spec.commandLine().getUsageMessage());
    return ExitCode.USAGE;
  }
}
