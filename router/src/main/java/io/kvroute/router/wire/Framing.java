package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

import org.jspecify.annotations.Nullable;

/**
 * How a message declares where its body ends (RFC 9112, 6.3).
 *
 * <p>Rejects every message that declares its length twice, or in a way that two readers could read
 * differently, because request smuggling relies on such messages. For example:
 *
 * <pre>
 *   Content-Length: 5                                     LENGTH, 5 bytes
 *   Transfer-Encoding: chunked                            CHUNKED
 *   Content-Length: 5 + Transfer-Encoding: chunked        rejected
 *   Content-Length: 5, 5   or   +5   or   0x5             rejected
 *   Transfer-Encoding: gzip, chunked                      rejected: unknown coding
 * </pre>
 *
 * @param length in bytes for {@link Kind#LENGTH}, else 0
 */
public record Framing(Kind kind, long length) {

  /** The ways in which a body can end. */
  public enum Kind {
    /** There is no body. */
    NONE,
    /** The body ends after {@code length} bytes. */
    LENGTH,
    /** The body ends with a chunk of size 0. */
    CHUNKED,
    /** The body ends when the connection closes. */
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
      throw syntax("invalid Content-Length");
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
