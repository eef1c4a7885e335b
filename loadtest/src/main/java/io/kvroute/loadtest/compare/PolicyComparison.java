package io.kvroute.loadtest.compare;

import io.kvroute.loadtest.scenario.Scenario;
import io.kvroute.loadtest.simulate.Knowledge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays scenarios with several policies, each with the same traffic, and prints the results. Runs
 * are independent, so the number of threads does not change the results.
 */
public final class PolicyComparison {

  private final List<String> policies;
  private final int seeds;
  private final Knowledge knowledge;
  private final int threads;

  public PolicyComparison(List<String> policies, int seeds, Knowledge knowledge, int threads) {
    this.policies = policies;
    this.seeds = seeds;
    this.knowledge = knowledge;
    this.threads = threads;
  }

  /** Plays the scenarios one after another and prints the rows of each when it has ended. */
  public void print(List<Scenario> scenarios, ComparisonTable table) throws InterruptedException {
    table.head();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Scenario scenario : scenarios) {
        table.rows(scenario, play(scenario, pool));
      }
    }
  }

  private List<PolicyResult> play(Scenario scenario, ExecutorService pool)
      throws InterruptedException {
    List<List<Future<Run>>> byPolicy = new ArrayList<>();
    for (String policy : policies) {
      List<Future<Run>> runs = new ArrayList<>();
      for (long seed = 1; seed <= seeds; seed++) {
        long played = seed;
        runs.add(pool.submit(() -> Run.of(scenario.play(policy, knowledge, played))));
      }
      byPolicy.add(runs);
    }
    List<PolicyResult> results = new ArrayList<>();
    for (int i = 0; i < policies.size(); i++) {
      List<Run> runs = new ArrayList<>();
      for (Future<Run> run : byPolicy.get(i)) {
        runs.add(result(run));
      }
      results.add(new PolicyResult(policies.get(i), runs));
    }
    return results;
  }

  private static Run result(Future<Run> run) throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a simulation failed: " + e.getCause(), e.getCause());
    }
  }
}
