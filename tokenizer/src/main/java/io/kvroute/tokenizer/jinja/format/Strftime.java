package io.kvroute.tokenizer.jinja.format;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * Python's {@code datetime.now().strftime(format)} as glibc runs it in the C locale, without a time
 * zone.
 */
public final class Strftime {

  private final ZonedDateTime now;
  private final StringBuilder out = new StringBuilder();

  private Strftime(ZonedDateTime now) {
    this.now = now;
  }

  public static String format(String format, Clock clock) {
    Strftime strftime = new Strftime(ZonedDateTime.now(clock));
    strftime.write(format);
    return strftime.out.toString();
  }

  private void write(String format) {
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char flag = format.charAt(i + 1);
      boolean flagged = "-_0^#".indexOf(flag) >= 0 && i + 2 < format.length();
      char directive = format.charAt(flagged ? i + 2 : i + 1);
      if (!directive(directive, flagged ? flag : ' ')) {
        out.append('%').append(flagged ? String.valueOf(flag) : "").append(directive);
      }
      i += flagged ? 2 : 1;
    }
  }

  private boolean directive(char directive, char flag) {
    switch (directive) {
      case 'a' -> text(now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH), flag);
      case 'A' -> text(now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), flag);
      case 'b', 'h' -> text(now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH), flag);
      case 'B' -> text(now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), flag);
      case 'c' -> write("%a %b %e %H:%M:%S %Y");
      case 'C' -> number(now.getYear() / 100, 2, '0', flag);
      case 'd' -> number(now.getDayOfMonth(), 2, '0', flag);
      case 'D', 'x' -> write("%m/%d/%y");
      case 'e' -> number(now.getDayOfMonth(), 2, ' ', flag);
      case 'f' -> number(now.getNano() / 1000, 6, '0', ' ');
      case 'F' -> write("%Y-%m-%d");
      case 'g' -> number(now.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
      case 'G' -> number(now.get(IsoFields.WEEK_BASED_YEAR), 4, '0', flag);
      case 'H' -> number(now.getHour(), 2, '0', flag);
      case 'I' -> number(hour12(), 2, '0', flag);
      case 'j' -> number(now.getDayOfYear(), 3, '0', flag);
      case 'k' -> number(now.getHour(), 2, ' ', flag);
      case 'l' -> number(hour12(), 2, ' ', flag);
      case 'm' -> number(now.getMonthValue(), 2, '0', flag);
      case 'M' -> number(now.getMinute(), 2, '0', flag);
      case 'n' -> out.append('\n');
      case 'p' -> {
        String half = now.getHour() < 12 ? "AM" : "PM";
        text(flag == '#' ? half.toLowerCase(Locale.ROOT) : half, ' ');
      }
      case 'P' -> text(now.getHour() < 12 ? "am" : "pm", flag);
      case 'r' -> write("%I:%M:%S %p");
      case 'R' -> write("%H:%M");
      case 's' -> out.append(now.toEpochSecond());
      case 'S' -> number(now.getSecond(), 2, '0', flag);
      case 't' -> out.append('\t');
      case 'T', 'X' -> write("%H:%M:%S");
      case 'u' -> number(now.getDayOfWeek().getValue(), 1, '0', flag);
      case 'U' -> number((now.getDayOfYear() + 6 - dayOfWeek()) / 7, 2, '0', flag);
      case 'V' -> number(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
      case 'w' -> number(dayOfWeek(), 1, '0', flag);
      case 'W' -> number((now.getDayOfYear() + 6 - (dayOfWeek() + 6) % 7) / 7, 2, '0', flag);
      case 'y' -> number(now.getYear() % 100, 2, '0', flag);
      case 'Y' -> number(now.getYear(), 4, '0', flag);
      case 'z', 'Z' -> {}
      case '%' -> out.append('%');
      default -> {
        return false;
      }
    }
    return true;
  }

  private int hour12() {
    return (now.getHour() + 11) % 12 + 1;
  }

  /** Days since Sunday. */
  private int dayOfWeek() {
    return now.getDayOfWeek().getValue() % 7;
  }

  private void text(String text, char flag) {
    out.append(flag == '^' || flag == '#' ? text.toUpperCase(Locale.ROOT) : text);
  }

  private void number(int value, int width, char padding, char flag) {
    String digits = Integer.toString(value);
    char pad =
        switch (flag) {
          case '0' -> '0';
          case '_' -> ' ';
          default -> padding;
        };
    if (flag != '-') {
      out.append(String.valueOf(pad).repeat(Math.max(0, width - digits.length())));
    }
    out.append(digits);
  }
}
