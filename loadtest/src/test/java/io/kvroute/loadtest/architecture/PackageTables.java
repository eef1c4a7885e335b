package io.kvroute.loadtest.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The package tables of ARCHITECTURE.md, and how they differ from the code. A table belongs to the
 * module that the heading above it names. The first cell of a row names a package, the last one the
 * packages that it may use.
 */
final class PackageTables {

  private static final String BASE = "io.kvroute.";
  private static final Pattern HEADING = Pattern.compile("### Module `(\\w+)`");
  private static final Pattern ROW = Pattern.compile("\\| `([\\w.]+)` \\|.*\\|([^|]+)\\|");
  private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

  private PackageTables() {}

  /** What each package may use, by full name. */
  static Map<String, Set<String>> parse(List<String> document) {
    List<String> modules =
        document.stream()
            .map(HEADING::matcher)
            .filter(Matcher::matches)
            .map(heading -> heading.group(1))
            .toList();
    Map<String, Set<String>> table = new TreeMap<>();
    String module = "";
    for (String line : document) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        module = heading.group(1);
      } else if (line.startsWith("## ")) {
        module = "";
      } else if (!module.isEmpty() && row.matches()) {
        Set<String> allowed = new TreeSet<>();
        for (MatchResult name : NAME.matcher(row.group(2)).results().toList()) {
          allowed.add(fullName(name.group(1), module, modules));
        }
        String name = fullName(row.group(1), module, modules);
        if (table.put(name, allowed) != null) {
          throw new IllegalArgumentException(name + ": two rows (expected: one)");
        }
      }
    }
    return table;
  }

  /** A name that begins with a module's is complete; any other is of the table's own module. */
  private static String fullName(String name, String module, List<String> modules) {
    int dot = name.indexOf('.');
    String first = dot < 0 ? name : name.substring(0, dot);
    return BASE + (modules.contains(first) ? name : module + "." + name);
  }

  /** A line for each difference between what the table allows and what the code uses. */
  static List<String> differences(Map<String, Set<String>> table, Map<String, Set<String>> code) {
    List<String> differences = new ArrayList<>();
    code.forEach(
        (name, used) -> {
          Set<String> allowed = table.get(name);
          if (allowed == null) {
            differences.add(name + " has no row; it uses " + used);
            return;
          }
          used.stream()
              .filter(each -> !allowed.contains(each))
              .forEach(each -> differences.add(name + " uses " + each + ", which its row forbids"));
          allowed.stream()
              .filter(each -> !used.contains(each))
              .forEach(each -> differences.add(name + " may use " + each + " but does not"));
        });
    table.keySet().stream()
        .filter(name -> !code.containsKey(name))
        .forEach(name -> differences.add(name + " has a row but no classes"));
    return differences;
  }
}
