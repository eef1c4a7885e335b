package io.kvroute.router.http;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The forwarding header lines that the router adds to a request for a replica. */
final class ForwardedHeaders {

  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_REQUEST_ID_CHARACTERS = 128;

  /** W3C Trace Context, level 1: version, trace id, parent id, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private ForwardedHeaders() {}

  /** The request id that a believed peer gave if it is printable and short, else a new one. */
  static String requestId(Head head, Peer peer) {
    String given = peer.believed() ? head.lastValue(KnownHeader.X_REQUEST_ID) : null;
    return given != null && isPrintable(given) ? given : newRequestId();
  }

  /** A new request id. */
  static String newRequestId() {
    return randomHex() + randomHex();
  }

  /**
   * The lines for request id, trace, client address, scheme and host. If the peer is believed, they
   * continue what it sent. Where a header has one value but several lines, the last line counts,
   * because the nearest proxy wrote it.
   *
   * @param host the host that the client asked for, or null
   */
  static String of(Head head, @Nullable String host, Peer peer, String requestId) {
    StringBuilder lines = new StringBuilder(256);
    line(lines, "x-request-id", requestId);
    line(lines, "traceparent", traceparent(head));
    line(lines, "via", head.minorVersion() == 0 ? "1.0 kvroute" : "1.1 kvroute");
    line(
        lines,
        "x-forwarded-for",
        continued(head, KnownHeader.X_FORWARDED_FOR, peer, peer.address()));
    String proto = believed(head, KnownHeader.X_FORWARDED_PROTO, peer);
    line(lines, "x-forwarded-proto", proto == null ? "http" : proto);
    String given = believed(head, KnownHeader.X_FORWARDED_HOST, peer);
    String forwardedHost = given == null ? host : given;
    if (forwardedHost != null) {
      line(lines, "x-forwarded-host", forwardedHost);
    }
    if (peer.believed() && head.indexOf(KnownHeader.FORWARDED) >= 0) {
      line(lines, "forwarded", continued(head, KnownHeader.FORWARDED, peer, forwardedFor(peer)));
    }
    return lines.toString();
  }

  /** The list that a believed peer sent, on as many lines as it liked, and {@code ours}. */
  private static String continued(Head head, KnownHeader header, Peer peer, String ours) {
    String before = peer.believed() ? head.joinedValues(header) : "";
    return before.isEmpty() ? ours : before + ", " + ours;
  }

  private static @Nullable String believed(Head head, KnownHeader header, Peer peer) {
    return peer.believed() ? head.lastValue(header) : null;
  }

  /** RFC 7239, 6: an IPv6 address is bracketed and therefore quoted. */
  private static String forwardedFor(Peer peer) {
    return peer.address().indexOf(':') < 0
        ? "for=" + peer.address()
        : "for=\"[" + peer.address() + "]\"";
  }

  /** W3C Trace Context, 3.2.2: with several lines, none counts. */
  private static String traceparent(Head head) {
    String given =
        head.linesOf(KnownHeader.TRACEPARENT) == 1 ? head.value(KnownHeader.TRACEPARENT) : null;
    return given != null && TRACEPARENT.matcher(given).matches()
        ? given
        : "00-" + randomHex() + randomHex() + "-" + randomHex() + "-00";
  }

  private static boolean isPrintable(String id) {
    boolean printable = !id.isEmpty() && id.length() <= MAX_REQUEST_ID_CHARACTERS;
    for (int i = 0; printable && i < id.length(); i++) {
      printable = id.charAt(i) > ' ' && id.charAt(i) < 0x7f;
    }
    return printable;
  }

  /** 16 hexadecimal digits, not all zero. */
  private static String randomHex() {
    return HEX.toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }

  private static void line(StringBuilder lines, String name, String value) {
    lines.append(name).append(": ").append(value).append("\r\n");
  }
}
