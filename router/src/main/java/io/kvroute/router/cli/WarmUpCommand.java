package io.kvroute.router.cli;

import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import io.kvroute.router.app.RunningRouter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Warms up and exits: the training run from which the launcher makes the JVM's AOT cache (JEP 483,
 * 515).
 */
@Command(
    name = "warm-up",
    hidden = true,
    description = "Sends requests through the router's code to stand-in engines, and exits.")
final class WarmUpCommand implements Callable<Integer> {

  private final Console console;

  WarmUpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    RunningRouter.warmUp(new ConfigSources().environment(console.environment()).load());
    return ExitCode.FINE;
  }
}
