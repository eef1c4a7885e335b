package io.kvroute.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses numbers and quantities; null means that the text is not one. */
final class Quantities {

  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([a-z]*)");

  private Quantities() {}

  /** A non-negative decimal int. */
  static @Nullable Integer decimal(String text) {
    if (!text.matches("\\d{1,10}")) {
      return null;
    }
    long value = Long.parseLong(text);
    return value <= Integer.MAX_VALUE ? (int) value : null;
  }

  /** Bytes: {@code 4096}, {@code 64KiB}, {@code 16MiB}, {@code 1GiB}. */
  static @Nullable Long bytes(String text) {
    return quantity(
        text,
        unit ->
            switch (unit) {
              case "", "b" -> 1L;
              case "kib" -> 1L << 10;
              case "mib" -> 1L << 20;
              case "gib" -> 1L << 30;
              default -> 0L;
            });
  }

  /** Time: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
  static @Nullable Duration duration(String text) {
    Long millis =
        quantity(
            text,
            unit ->
                switch (unit) {
                  case "ms" -> 1L;
                  case "s" -> 1_000L;
                  case "m" -> 60_000L;
                  case "h" -> 3_600_000L;
                  default -> 0L;
                });
    return millis == null ? null : Duration.ofMillis(millis);
  }

  private static @Nullable Long quantity(String text, UnitSize units) {
    Matcher matcher = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    long size = units.of(matcher.group(2));
    long count = Long.parseLong(matcher.group(1));
    return size == 0 || count > Long.MAX_VALUE / size ? null : count * size;
  }

  /** The size of a unit; 0 for an unknown unit. */
  private interface UnitSize {
    long of(String unit);
  }
}
