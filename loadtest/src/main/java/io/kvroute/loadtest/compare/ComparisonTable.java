package io.kvroute.loadtest.compare;

import io.kvroute.loadtest.scenario.Scenario;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Prints a comparison as a Markdown table with aligned columns. */
public final class ComparisonTable {

  private final PrintWriter out;

  public ComparisonTable(PrintWriter out) {
    this.out = out;
  }

  void head() {
    row(
        "scenario",
        "policy",
        "mean TTFT, ms",
        "p95 TTFT, ms",
        "hit rate, %",
        "moved, %",
        "vs best other");
    row("---", "---", "--:", "--:", "--:", "--:", "--:");
  }

  void rows(Scenario scenario, List<PolicyResult> results) {
    for (PolicyResult result : results) {
      row(
          scenario.name(),
          result.policy(),
          interval(result.meanTtftSeconds(), 1e3),
          interval(result.p95TtftSeconds(), 1e3),
          interval(result.hitRate(), 100),
          interval(result.movedShare(), 100),
          ratio(result.againstBestOther(results)));
    }
    out.flush();
  }

  private static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "–";
  }

  private static String interval(Estimate estimate, double unit) {
    if (Double.isNaN(estimate.mean())) {
      return "–";
    }
    return String.format(
        Locale.ROOT, "%.1f ± %.1f", unit * estimate.mean(), unit * estimate.margin());
  }

  private void row(String... cells) {
    out.printf(
        Locale.ROOT, "| %-22s | %-12s | %18s | %18s | %14s | %12s | %13s |%n", (Object[]) cells);
  }
}
