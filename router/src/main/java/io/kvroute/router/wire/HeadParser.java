package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

import io.kvroute.router.wire.MalformedMessageException.Kind;
import io.netty.buffer.ByteBuf;

/**
 * Parses heads of HTTP/1.1 messages (RFC 9112, sections 2 to 5). Rejects everything that two
 * readers could read differently: a line must end with CRLF, single spaces separate the parts of
 * the first line, a header name is a token directly followed by its colon, no line continues
 * another, and values contain no control characters. Netty's default decoder accepts more in each
 * of these.
 *
 * <p>Bytes may arrive in pieces of any size. The parser copies up to 512 of them at a time into the
 * {@link Head} and looks for line feeds; each complete line is checked at once and its offsets are
 * stored, so that the cost is two passes over the bytes and no object per header. For example:
 *
 * <pre>
 *   GET /health HTTP/1.1\r\n      first line: method, target and minor version
 *   Host: a\r\n                   header 0: name [22,26), value [28,29)
 *   \r\n                          the empty line: parse() returns true
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class HeadParser {

  /** Bytes copied at a time; small, so that little of a following body is copied in vain. */
  private static final int STEP = 512;

  private static final int VERSION_LENGTH = "HTTP/1.1".length();
  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};
  private static final boolean[] TOKEN = tokenCharacters();

  private final boolean request;
  private final int maxBytes;
  private final int maxHeaders;
  private final Head head = new Head();
  private int lineStart;
  private boolean firstLineSeen;

  private HeadParser(boolean request, int maxBytes, int maxHeaders) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.maxHeaders = maxHeaders;
  }

  /**
   * A parser of requests.
   *
   * @param maxBytes of a head, including its first line
   */
  public static HeadParser ofRequests(int maxBytes, int maxHeaders) {
    return new HeadParser(true, maxBytes, maxHeaders);
  }

  /** A parser of responses; see {@link #ofRequests}. */
  public static HeadParser ofResponses(int maxBytes, int maxHeaders) {
    return new HeadParser(false, maxBytes, maxHeaders);
  }

  /** The current head, or the last one read. */
  public Head head() {
    return head;
  }

  /** Discards the head and prepares to read the next. */
  public void reset() {
    head.clear();
    lineStart = 0;
    firstLineSeen = false;
  }

  /**
   * Reads from {@code in}.
   *
   * @return whether the head is complete; {@code in} is then positioned at the first byte behind it
   */
  public boolean parse(ByteBuf in) throws MalformedMessageException {
    while (in.isReadable()) {
      int from = head.size();
      if (from == maxBytes) {
        throw new MalformedMessageException(
            Kind.HEAD_TOO_LARGE, "head larger than " + maxBytes + " bytes");
      }
      int most = Math.min(Math.min(STEP, in.readableBytes()), maxBytes - from);
      int end = head.append(in, most);
      byte[] bytes = head.raw();
      for (int i = from; i < end; i++) {
        if (bytes[i] == '\n' && line(bytes, i)) {
          head.giveBack(in, end - i - 1);
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Parses the line that ends at {@code lineFeed}; returns true for the empty line that ends the
   * head.
   */
  private boolean line(byte[] bytes, int lineFeed) throws MalformedMessageException {
    int from = lineStart;
    int to = lineFeed - 1;
    if (to < from || bytes[to] != '\r') {
      throw syntax("a line does not end with CRLF");
    }
    lineStart = lineFeed + 1;
    if (to == from) {
      // RFC 9112, 2.2: a server should ignore an empty line before a request.
      return firstLineSeen;
    }
    if (firstLineSeen) {
      header(bytes, from, to);
    } else if (request) {
      requestLine(bytes, from, to);
    } else {
      statusLine(bytes, from, to);
    }
    firstLineSeen = true;
    return false;
  }

  private void requestLine(byte[] bytes, int from, int to) throws MalformedMessageException {
    int methodEnd = tokenEnd(bytes, from, to);
    int version = to - VERSION_LENGTH;
    int targetEnd = version - 1;
    if (methodEnd == from
        || methodEnd >= targetEnd
        || bytes[methodEnd] != ' '
        || bytes[targetEnd] != ' ') {
      throw syntax("invalid request line");
    }
    for (int i = methodEnd + 1; i < targetEnd; i++) {
      if (bytes[i] <= ' ' || bytes[i] == 0x7f || bytes[i] == '#') {
        throw syntax("invalid request target");
      }
    }
    if (targetEnd == methodEnd + 1) {
      throw syntax("empty request target");
    }
    head.firstLine(minorVersion(bytes, version), from, methodEnd, methodEnd + 1, targetEnd);
  }

  private void statusLine(byte[] bytes, int from, int to) throws MalformedMessageException {
    int status = from + VERSION_LENGTH + 1;
    if (to < status + 3
        || bytes[status - 1] != ' '
        || (to > status + 3 && bytes[status + 3] != ' ')) {
      throw syntax("invalid status line");
    }
    for (int i = status; i < status + 3; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        throw syntax("invalid status");
      }
    }
    // RFC 9110, 15: statuses are 100 to 599.
    if (bytes[status] < '1' || bytes[status] > '5') {
      throw syntax("invalid status");
    }
    // RFC 9110, 7.8: only a client that asked for another protocol gets a 101.
    if (bytes[status] == '1' && bytes[status + 1] == '0' && bytes[status + 2] == '1') {
      throw syntax("switch of protocols");
    }
    int reason = Math.min(to, status + 4);
    rejectControlCharacters(bytes, reason, to);
    head.firstLine(minorVersion(bytes, from), status, status + 3, reason, to);
  }

  private static int minorVersion(byte[] bytes, int at) throws MalformedMessageException {
    for (int i = 0; i < VERSION.length; i++) {
      if (bytes[at + i] != VERSION[i]) {
        throw new MalformedMessageException(Kind.UNKNOWN_VERSION, "unknown protocol version");
      }
    }
    int minor = bytes[at + VERSION.length] - '0';
    if (minor != 0 && minor != 1) {
      throw new MalformedMessageException(Kind.UNKNOWN_VERSION, "unknown protocol version");
    }
    return minor;
  }

  private void header(byte[] bytes, int from, int to) throws MalformedMessageException {
    int nameEnd = tokenEnd(bytes, from, to);
    if (nameEnd == from || nameEnd == to || bytes[nameEnd] != ':') {
      throw syntax("invalid header name");
    }
    if (head.count() == maxHeaders) {
      throw new MalformedMessageException(
          Kind.HEAD_TOO_LARGE, "more than " + maxHeaders + " headers");
    }
    int valueFrom = nameEnd + 1;
    int valueTo = to;
    rejectControlCharacters(bytes, valueFrom, valueTo);
    while (valueFrom < valueTo && isBlank(bytes[valueFrom])) {
      valueFrom++;
    }
    while (valueTo > valueFrom && isBlank(bytes[valueTo - 1])) {
      valueTo--;
    }
    head.add(from, nameEnd, valueFrom, valueTo);
  }

  /** Whether a byte may occur in a name (RFC 9110, 5.6.2). */
  static boolean isToken(byte b) {
    return b > 0 && TOKEN[b];
  }

  /** The end of the token that starts at {@code from}. */
  private static int tokenEnd(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && isToken(bytes[i])) {
      i++;
    }
    return i;
  }

  private static void rejectControlCharacters(byte[] bytes, int from, int to)
      throws MalformedMessageException {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        throw syntax("control character in a header");
      }
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean[] tokenCharacters() {
    boolean[] token = new boolean[128];
    for (char c = '0'; c <= 'z'; c++) {
      token[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      token[c] = true;
    }
    return token;
  }
}
