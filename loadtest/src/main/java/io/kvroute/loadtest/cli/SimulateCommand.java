package io.kvroute.loadtest.cli;

import io.kvroute.loadtest.compare.ComparisonTable;
import io.kvroute.loadtest.compare.PolicyComparison;
import io.kvroute.loadtest.scenario.Scenario;
import io.kvroute.loadtest.scenario.Scenarios;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.router.route.Policies;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares policies on the engine model, under simulated time. */
@Command(
    name = "simulate",
    description = {
      "Plays scenarios on engine models and the router's decision code under simulated time, and"
          + " prints the results of each policy: means over the seeds with 95 %% confidence"
          + " intervals, and the ratio of mean TTFT to the best other policy's.",
      "Scenarios: cold, shared-prompts, best-of-n, little-cache, one-slow, late-joiner, restart,"
          + " thousand-replicas; with the noise of real engines: noisy-conversations (6 requests in"
          + " flight), noisy-conversations-2, noisy-conversations-12, noisy-bursts, noisy-zipf,"
          + " noisy-gpus."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the required fields
final class SimulateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "only this one; can be repeated (default: all)")
  private List<String> scenarios = List.of();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "only this one; can be repeated (default: all)")
  private List<String> policies = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "runs of each scenario and policy (default: ${DEFAULT-VALUE})")
  private int seeds = 20;

  @Option(
      names = "--knowledge",
      paramLabel = "counts|answers|events",
      description =
          "what engines report about their caches: nothing; cached tokens and ids of answers; or KV"
              + " events (default: ${DEFAULT-VALUE})")
  private Knowledge knowledge = Knowledge.COUNTS;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "parallel runs; does not change results (default: number of processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws InterruptedException {
    require("--seeds", seeds);
    require("--threads", threads);
    List<Scenario> played = chosen();
    PrintWriter out = spec.commandLine().getOut();
    new PolicyComparison(chosenPolicies(), seeds, knowledge, threads)
        .print(played, new ComparisonTable(out));
    return 0;
  }

  private List<Scenario> chosen() {
    List<String> names = Scenarios.all().stream().map(Scenario::name).toList();
    scenarios.forEach(name -> requireOneOf("--scenario", name, names));
    return Scenarios.all().stream()
        .filter(each -> scenarios.isEmpty() || scenarios.contains(each.name()))
        .toList();
  }

  private List<String> chosenPolicies() {
    policies.forEach(name -> requireOneOf("--policy", name, Policies.NAMES));
    return policies.isEmpty() ? Policies.NAMES : policies;
  }

  private void requireOneOf(String option, String value, List<String> names) {
    if (!names.contains(value)) {
      throw wrong("%s: %s (expected: one of %s)".formatted(option, value, names));
    }
  }

  private void require(String option, int value) {
    if (value < 1) {
      throw wrong("%s: %d (expected: >= 1)".formatted(option, value));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
