package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

import org.jspecify.annotations.Nullable;

/**
 * How a message says where its body ends (RFC 9112, 6.3). A message that says it twice, or in a way
 * that two readers could read differently, is refused: that is how requests are smuggled.
 *
 * @param length bytes, for {@link Kind#LENGTH}, else 0
 */
public record Framing(Kind kind, long length) {

  /** The ways to end. */
  public enum Kind {
    /** There is no body. */
    NONE,
    /** After so many bytes. */
    LENGTH,
    /** With the chunk of size 0. */
    CHUNKED,
    /** With the connection. */
    UNTIL_CLOSE
  }

  private static final Framing NONE = new Framing(Kind.NONE, 0);
  private static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);
  private static final Framing UNTIL_CLOSE = new Framing(Kind.UNTIL_CLOSE, 0);
  private static final int MAX_LENGTH_DIGITS = 18;

  /** The framing of a request. */
  public static Framing ofRequest(Head head) throws MalformedMessageException {
    Framing declared = declared(head);
    return declared == null ? NONE : declared;
  }

  /** The framing of the response to a request that is neither HEAD nor CONNECT. */
  public static Framing ofResponse(Head head) throws MalformedMessageException {
    int status = head.status();
    if (status / 100 == 1 || status == 204 || status == 304) {
      return NONE;
    }
    Framing declared = declared(head);
    return declared == null ? UNTIL_CLOSE : declared;
  }

  private static @Nullable Framing declared(Head head) throws MalformedMessageException {
    Framing framing = null;
    for (int i = 0; i < head.count(); i++) {
      KnownHeader known = head.known(i);
      if (known == KnownHeader.CONTENT_LENGTH || known == KnownHeader.TRANSFER_ENCODING) {
        if (framing != null) {
          throw syntax("more than one Content-Length or Transfer-Encoding");
        }
        framing =
            known == KnownHeader.CONTENT_LENGTH
                ? new Framing(Kind.LENGTH, length(head.value(i)))
                : coding(head.value(i), head.minorVersion());
      }
    }
    return framing;
  }

  private static long length(String value) throws MalformedMessageException {
    boolean digits = !value.isEmpty() && value.length() <= MAX_LENGTH_DIGITS;
    for (int i = 0; digits && i < value.length(); i++) {
      digits = value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    if (!digits) {
      throw syntax("bad Content-Length");
    }
    return Long.parseLong(value);
  }

  private static Framing coding(String value, int minorVersion) throws MalformedMessageException {
    if (minorVersion == 0) {
      throw syntax("Transfer-Encoding in HTTP/1.0");
    }
    if (!value.equalsIgnoreCase("chunked")) {
      throw new MalformedMessageException(
          MalformedMessageException.Kind.UNKNOWN_CODING, "unknown transfer coding");
    }
    return CHUNKED;
  }
}
