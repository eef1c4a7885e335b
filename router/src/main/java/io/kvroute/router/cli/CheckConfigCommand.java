package io.kvroute.router.cli;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Checks a configuration file and prints every problem in it. Files that it names need not exist
 * here.
 */
@Command(
    name = "check-config",
    description = {
      "Checks a configuration file.",
      "One line for each problem: file, property, value, what was expected."
    })
@SuppressWarnings("NullAway.Init") // picocli sets required fields
final class CheckConfigCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The YAML file to check.")
  private Path file;

  CheckConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException {
    Config config = new ConfigSources().file(file).load();
    console
        .out()
        .printf(
            "%s: fine: policy %s, %d replica(s)%n",
            file, config.policy().label(), config.replicas().size());
    return ExitCode.FINE;
  }
}
