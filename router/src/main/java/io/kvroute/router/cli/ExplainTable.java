package io.kvroute.router.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Formats the admin port's explanation of a decision as a table. */
final class ExplainTable {

  private static final List<String> COSTS =
      List.of("queue", "prefill", "step", "slot_wait", "harm", "evict", "total");

  private ExplainTable() {}

  /** The table; every line ends with a line separator. Costs are in milliseconds. */
  static String of(JsonNode explanation) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "model %s, %d prompt tokens (mode %s): %s%n%n",
            explanation.path("model").asString(),
            explanation.path("prompt_tokens").asInt(),
            explanation.path("mode").asString(),
            verdict(explanation.path("picked"))));
    List<List<String>> rows = new ArrayList<>();
    rows.add(header());
    for (JsonNode replica : explanation.path("replicas")) {
      rows.add(row(replica, replica.path("id").equals(explanation.path("picked"))));
    }
    append(rows, text);
    text.append(
        String.format("%nCosts in milliseconds; the lowest total wins, near ties by chance.%n"));
    return text.toString();
  }

  private static String verdict(JsonNode picked) {
    return picked.isString() ? "goes to " + picked.asString() : "no replica is ready";
  }

  private static List<String> header() {
    List<String> cells = new ArrayList<>(List.of("", "replica", "state", "matched", "known by"));
    COSTS.forEach(name -> cells.add(name.replace('_', ' ')));
    cells.add("url");
    return cells;
  }

  private static List<String> row(JsonNode replica, boolean picked) {
    List<String> cells = new ArrayList<>();
    cells.add(picked ? "->" : "");
    cells.add(replica.path("id").asString());
    cells.add(replica.path("state").asString());
    cells.add(Integer.toString(replica.path("matched_tokens").asInt()));
    cells.add(replica.path("knowledge").asString());
    for (String name : COSTS) {
      double seconds = replica.path("cost").path(name).asDouble();
      cells.add(String.format(Locale.ROOT, "%.1f", 1e3 * seconds));
    }
    cells.add(replica.path("url").asString());
    return cells;
  }

  private static void append(List<List<String>> rows, StringBuilder text) {
    int columns = rows.getFirst().size();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        int at = column;
        int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
        boolean figure = column == 3 || (column > 4 && column < columns - 1);
        String cell = row.get(column);
        String pad = " ".repeat(width - cell.length());
        line.append(figure ? pad + cell : cell + pad).append("  ");
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
  }
}
