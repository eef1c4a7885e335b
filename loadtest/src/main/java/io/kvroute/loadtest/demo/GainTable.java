package io.kvroute.loadtest.demo;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Formats two runs side by side, with the ratios of their figures. */
final class GainTable {

  private final PolicyRun baseline;
  private final PolicyRun routed;
  private final StringBuilder text = new StringBuilder();

  private GainTable(PolicyRun baseline, PolicyRun routed) {
    this.baseline = baseline;
    this.routed = routed;
  }

  /** The table as text; every line ends with a line break. */
  static String of(PolicyRun baseline, PolicyRun routed) {
    return new GainTable(baseline, routed).lines();
  }

  private String lines() {
    text.append(
        String.format(
            Locale.ROOT, "%-26s%14s%14s%11s%n", "", baseline.policy(), routed.policy(), ""));
    row("hit rate, %", run -> 100 * run.stats().hitRate());
    row("  best possible, %", run -> 100 * run.bestHitRate());
    row("requests/s", run -> run.stats().requestsPerSecond());
    row("TTFT mean, ms", PolicyRun::ttftMeanMillis);
    row("TTFT p50, ms", run -> run.ttftMillis(50));
    row("TTFT p95, ms", run -> run.ttftMillis(95));
    row("TTFT p99, ms", run -> run.ttftMillis(99));
    row("ITL mean, ms", PolicyRun::itlMeanMillis);
    row("failed requests", run -> run.stats().failed());
    return text.toString();
  }

  private void row(String name, ToDoubleFunction<PolicyRun> figure) {
    double before = figure.applyAsDouble(baseline);
    double after = figure.applyAsDouble(routed);
    String ratio = before > 0 ? String.format(Locale.ROOT, "x %.2f", after / before) : "";
    text.append(String.format(Locale.ROOT, "%-26s%14.1f%14.1f%11s%n", name, before, after, ratio));
  }
}
