package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message: its raw bytes, and the offsets of its parts in them, so that a
 * header is passed on with one copy. Each header line takes four offsets in {@code bounds}: start
 * and end of its name, start and end of its value.
 *
 * <p>A connection reuses one head for message after message: it is valid until the next message is
 * read. Not thread-safe.
 */
public final class Head {

  private static final int PARTS = 4;

  private byte[] bytes = new byte[1024];
  private int length;
  private final int[] firstLine = new int[PARTS];
  private int[] bounds = new int[PARTS * 24];
  private @Nullable KnownHeader[] known = new KnownHeader[24];
  private int count;
  private int minorVersion;

  Head() {}

  /** A request's method. */
  public String method() {
    return text(firstLine[0], firstLine[1]);
  }

  /** A request's target, unchanged. */
  public String target() {
    return text(firstLine[2], firstLine[3]);
  }

  /** A response's status: three digits. */
  public int status() {
    int at = firstLine[0];
    return (bytes[at] - '0') * 100 + (bytes[at + 1] - '0') * 10 + (bytes[at + 2] - '0');
  }

  /** A response's reason phrase, possibly empty. */
  public String reason() {
    return text(firstLine[2], firstLine[3]);
  }

  /** 0 or 1: the version is HTTP/1.x. */
  public int minorVersion() {
    return minorVersion;
  }

  /** The number of header lines. */
  public int count() {
    return count;
  }

  /** The header of line {@code i}, or null if a proxy does not interpret it. */
  public @Nullable KnownHeader known(int i) {
    return known[i];
  }

  /** The value of header line {@code i}, without surrounding white space. */
  public String value(int i) {
    return text(bounds[PARTS * i + 2], bounds[PARTS * i + 3]);
  }

  /** The index of the first line with {@code header}, or -1. O(lines). */
  public int indexOf(KnownHeader header) {
    for (int i = 0; i < count; i++) {
      if (known[i] == header) {
        return i;
      }
    }
    return -1;
  }

  /** The value of the first line with {@code header}, or null. O(lines). */
  public @Nullable String value(KnownHeader header) {
    int i = indexOf(header);
    return i < 0 ? null : value(i);
  }

  /** The value of the first line named {@code lowerCaseName}, or null. O(lines). */
  public @Nullable String value(String lowerCaseName) {
    for (int i = 0; i < count; i++) {
      if (nameIs(i, lowerCaseName)) {
        return value(i);
      }
    }
    return null;
  }

  /** Whether header line {@code i} has this name, in any case. */
  public boolean nameIs(int i, String lowerCaseName) {
    return nameLength(i) == lowerCaseName.length() && nameStartsWith(i, lowerCaseName);
  }

  /** Whether the name of header line {@code i} starts with this prefix, in any case. */
  public boolean nameStartsWith(int i, String lowerCasePrefix) {
    return nameLength(i) >= lowerCasePrefix.length()
        && KnownHeader.equalsIgnoreCase(lowerCasePrefix, bytes, bounds[PARTS * i]);
  }

  /** Whether a {@code Connection} header lists {@code lowerCaseToken}. */
  public boolean connectionHas(String lowerCaseToken) {
    for (int i = 0; i < count; i++) {
      if (known[i] == KnownHeader.CONNECTION && listHas(value(i), lowerCaseToken)) {
        return true;
      }
    }
    return false;
  }

  /** The value of the last line with {@code header}, or null. O(lines). */
  public @Nullable String lastValue(KnownHeader header) {
    for (int i = count - 1; i >= 0; i--) {
      if (known[i] == header) {
        return value(i);
      }
    }
    return null;
  }

  /** The values of all lines with {@code header} as one list (RFC 9110, 5.3); empty if none. */
  public String joinedValues(KnownHeader header) {
    StringJoiner values = new StringJoiner(", ");
    for (int i = 0; i < count; i++) {
      if (known[i] == header && bounds[PARTS * i + 2] < bounds[PARTS * i + 3]) {
        values.add(value(i));
      }
    }
    return values.toString();
  }

  /** How many lines have {@code header}. O(lines). */
  public int linesOf(KnownHeader header) {
    int lines = 0;
    for (int i = 0; i < count; i++) {
      lines += known[i] == header ? 1 : 0;
    }
    return lines;
  }

  /** The name of header line {@code i} in lower case. */
  String lowerCaseName(int i) {
    return text(bounds[PARTS * i], bounds[PARTS * i + 1]).toLowerCase(Locale.ROOT);
  }

  /** Appends header line {@code i} unchanged, including its line end. */
  public void writeLine(ByteBuf out, int i) {
    int from = bounds[PARTS * i];
    out.writeBytes(bytes, from, lineEnd(i) - from);
  }

  /** An upper bound of the bytes in all header lines. */
  public int size() {
    return length;
  }

  private int lineEnd(int i) {
    int end = bounds[PARTS * i + 3];
    while (bytes[end] != '\n') {
      end++;
    }
    return end + 1;
  }

  private int nameLength(int i) {
    return bounds[PARTS * i + 1] - bounds[PARTS * i];
  }

  private static boolean listHas(String list, String lowerCaseToken) {
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      int to = comma < 0 ? list.length() : comma;
      if (list.substring(from, to).strip().equalsIgnoreCase(lowerCaseToken)) {
        return true;
      }
      from = to + 1;
    }
    return false;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  // HeadParser calls the following methods.

  void clear() {
    length = 0;
    count = 0;
  }

  byte[] raw() {
    return bytes;
  }

  /** Appends the next {@code more} bytes of {@code in}; returns the new length. */
  int append(ByteBuf in, int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
    in.readBytes(bytes, length, more);
    length += more;
    return length;
  }

  /** Returns the last {@code surplus} bytes to {@code in}. */
  void giveBack(ByteBuf in, int surplus) {
    length -= surplus;
    in.readerIndex(in.readerIndex() - surplus);
  }

  void firstLine(int minorVersion, int firstFrom, int firstTo, int secondFrom, int secondTo) {
    this.minorVersion = minorVersion;
    firstLine[0] = firstFrom;
    firstLine[1] = firstTo;
    firstLine[2] = secondFrom;
    firstLine[3] = secondTo;
  }

  void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    if (count == known.length) {
      known = Arrays.copyOf(known, 2 * count);
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    int at = PARTS * count;
    bounds[at] = nameFrom;
    bounds[at + 1] = nameTo;
    bounds[at + 2] = valueFrom;
    bounds[at + 3] = valueTo;
    known[count++] = KnownHeader.named(bytes, nameFrom, nameTo);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, US_ASCII);
  }
}
