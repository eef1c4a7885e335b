package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Matcher.quoteReplacement;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The sources of the JDK that runs, from {@code lib/src.zip}: code, English prose (its comments)
 * and the texts of its resource bundles in many languages. Empty where the JDK has no such file.
 */
final class JdkSources {

  private static final Path ZIP = Path.of(System.getProperty("java.home"), "lib", "src.zip");

  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

  private JdkSources() {}

  /**
   * The files whose names match, as long as they hold no more than so many bytes together.
   *
   * @param step takes every so many-th file, from the {@code first} on
   */
  static List<String> files(Predicate<String> names, long maxBytes, int first, int step)
      throws IOException {
    List<String> files = new ArrayList<>();
    if (!Files.exists(ZIP)) {
      return files;
    }
    long bytes = 0;
    int index = 0;
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements() && bytes < maxBytes) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory() && names.test(entry.getName()) && index++ % step == first) {
          try (InputStream in = zip.getInputStream(entry)) {
            String file = new String(in.readAllBytes(), UTF_8);
            files.add(isBundle(entry.getName()) ? unescaped(file) : file);
          }
          bytes += entry.getSize();
        }
      }
    }
    return files;
  }

  /** Names of Java code that people wrote; bundles are {@link #isBundle}'s. */
  static boolean isCode(String name) {
    return name.endsWith(".java") && !isBundle(name);
  }

  /** Names of resource bundles with texts in other languages than English. */
  static boolean isBundle(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("/resources/")
        && lower.matches(".*_[a-z]{2}(_[a-z]+)*\\.(java|properties)");
  }

  /** Bundles write their characters as escapes. */
  private static String unescaped(String file) {
    return ESCAPE
        .matcher(file)
        .replaceAll(match -> quoteReplacement("" + (char) Integer.parseInt(match.group(1), 16)));
  }

  /** The prose of a source's documentation comments, one paragraph after another. */
  static String prose(String source) {
    StringBuilder prose = new StringBuilder();
    for (int start = source.indexOf("/**"); start >= 0; start = source.indexOf("/**", start)) {
      int end = source.indexOf("*/", start + 3);
      if (end < 0) {
        break;
      }
      for (String line : source.substring(start + 3, end).lines().toList()) {
        String text = line.replaceFirst("^\\s*\\*? ?", "").replaceAll("<[^>]*>|\\{@\\w+ ?|\\}", "");
        if (!text.isBlank() && !text.startsWith("@")) {
          prose.append(text).append(prose.length() % 5 == 0 ? "\n" : " ");
        }
      }
      prose.append('\n');
      start = end;
    }
    return prose.toString();
  }
}
