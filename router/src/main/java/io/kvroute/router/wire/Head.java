package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message: its bytes as they came and where its parts lie in them, so that
 * passing a header on is one copy. A connection uses one head for message after message: it is
 * valid until the next message is read. Not thread-safe.
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

  /** A request's target as it came. */
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

  /** How many header lines there are. */
  public int count() {
    return count;
  }

  /** What the header line {@code i} means to a proxy, if anything. */
  public @Nullable KnownHeader known(int i) {
    return known[i];
  }

  /** The value of header line {@code i}, without the white space around it. */
  public String value(int i) {
    return text(bounds[PARTS * i + 2], bounds[PARTS * i + 3]);
  }

  /** The first line that carries {@code header}, or -1. O(lines). */
  public int indexOf(KnownHeader header) {
    for (int i = 0; i < count; i++) {
      if (known[i] == header) {
        return i;
      }
    }
    return -1;
  }

  /** The value of the first line that carries {@code header}, or null. */
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

  /** Whether header line {@code i} has this name. */
  public boolean nameIs(int i, String lowerCaseName) {
    return nameLength(i) == lowerCaseName.length() && nameStartsWith(i, lowerCaseName);
  }

  /** Whether the name of header line {@code i} starts so. */
  public boolean nameStartsWith(int i, String lowerCasePrefix) {
    return nameLength(i) >= lowerCasePrefix.length()
        && KnownHeader.equalsIgnoreCase(lowerCasePrefix, bytes, bounds[PARTS * i]);
  }

  /** Whether a {@code Connection} header names {@code lowerCaseToken}. */
  public boolean connectionHas(String lowerCaseToken) {
    for (int i = 0; i < count; i++) {
      if (known[i] == KnownHeader.CONNECTION && listHas(value(i), lowerCaseToken)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a {@code Connection} header makes line {@code i} a matter of this connection only. */
  boolean namedByConnection(int i) {
    return connectionHas(text(bounds[PARTS * i], bounds[PARTS * i + 1]).toLowerCase(Locale.ROOT));
  }

  /** Appends header line {@code i} as it came, line end included. */
  public void writeLine(ByteBuf out, int i) {
    int from = bounds[PARTS * i];
    out.writeBytes(bytes, from, lineEnd(i) - from);
  }

  /** At most how many bytes all header lines take. */
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

  // What follows is for HeadParser.

  void clear() {
    length = 0;
    count = 0;
  }

  byte[] raw() {
    return bytes;
  }

  /** Takes up to {@code most} bytes of {@code in} behind those it has; returns the new end. */
  int append(ByteBuf in, int most) {
    if (length + most > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + most));
    }
    in.readBytes(bytes, length, most);
    length += most;
    return length;
  }

  /** Gives the last {@code surplus} bytes back. */
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
