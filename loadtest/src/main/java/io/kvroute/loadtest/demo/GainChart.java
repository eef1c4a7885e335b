package io.kvroute.loadtest.demo;

import java.util.Locale;

/** Draws time to first token and hit rate of two runs as bars in an SVG document. */
final class GainChart {

  private static final int LABEL_WIDTH = 170;
  private static final int BAR_WIDTH = 430;
  private static final int BAR_HEIGHT = 22;
  private static final int GROUP_GAP = 20;
  private static final String BASELINE_COLOUR = "#9aa5b1";
  private static final String ROUTED_COLOUR = "#2f7d4f";

  private final PolicyRun baseline;
  private final PolicyRun routed;
  private final StringBuilder svg = new StringBuilder();
  private int y = 58;

  private GainChart(PolicyRun baseline, PolicyRun routed) {
    this.baseline = baseline;
    this.routed = routed;
  }

  static String of(PolicyRun baseline, PolicyRun routed, String caption) {
    return new GainChart(baseline, routed).draw(caption);
  }

  private String draw(String caption) {
    group("TTFT mean", "ms", baseline.ttftMeanMillis(), routed.ttftMeanMillis());
    group("TTFT p95", "ms", baseline.ttftMillis(95), routed.ttftMillis(95));
    double before = 100 * baseline.stats().hitRate();
    double after = 100 * routed.stats().hitRate();
    group("hit rate", "%", before, after);
    return String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 %d" font-family="sans-serif" font-size="13">
            <rect width="100%%" height="100%%" fill="#ffffff"/>
            <text x="16" y="26" font-size="15" font-weight="bold">%s</text>
            <text x="16" y="44" fill="#52606d"><tspan fill="%s">■</tspan> %s  <tspan fill="%s">■</tspan> %s</text>
            """,
            y + 4,
            caption,
            BASELINE_COLOUR,
            baseline.policy(),
            ROUTED_COLOUR,
            routed.policy())
        + svg
        + "</svg>\n";
  }

  private void group(String name, String unit, double before, double after) {
    double scale = BAR_WIDTH / Math.max(1e-9, Math.max(before, after));
    text(16, y + BAR_HEIGHT + 4, name);
    bar(before, scale, unit, BASELINE_COLOUR);
    bar(after, scale, unit, ROUTED_COLOUR);
    y += GROUP_GAP;
  }

  private void bar(double value, double scale, String unit, String colour) {
    double width = value * scale;
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
            LABEL_WIDTH,
            y,
            width,
            BAR_HEIGHT - 2,
            colour));
    String label = String.format(Locale.ROOT, "%.0f %s", value, unit);
    text(LABEL_WIDTH + (int) width + 6, y + BAR_HEIGHT - 7, label);
    y += BAR_HEIGHT;
  }

  private void text(int x, int baselineY, String content) {
    svg.append(
        String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>%n", x, baselineY, content));
  }
}
