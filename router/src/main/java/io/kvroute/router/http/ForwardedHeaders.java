package io.kvroute.router.http;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The forwarding header lines that the router adds to a request for a replica. */
final class ForwardedHeaders {

  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_REQUEST_ID_CHARACTERS = 128;

  /** W3C Trace Context, level 1: version, trace id, parent id, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private ForwardedHeaders() {}

  /** The client's request id if it is printable and short, else a new one. */
  static String requestId(Head head) {
    String given = head.value(KnownHeader.X_REQUEST_ID);
    return given != null && isPrintable(given) ? given : newRequestId();
  }

  /** A new request id. */
  static String newRequestId() {
    return randomHex() + randomHex();
  }

  /** The lines for request id, trace, client address, scheme and host. */
  static String of(Head head, String clientAddress, String requestId) {
    StringBuilder lines = new StringBuilder(256);
    line(lines, "x-request-id", requestId);
    line(lines, "traceparent", traceparent(head));
    String before = head.value(KnownHeader.X_FORWARDED_FOR);
    line(
        lines,
        "x-forwarded-for",
        before == null || before.isEmpty() ? clientAddress : before + ", " + clientAddress);
    String proto = head.value(KnownHeader.X_FORWARDED_PROTO);
    line(lines, "x-forwarded-proto", proto == null ? "http" : proto);
    String host = head.value(KnownHeader.X_FORWARDED_HOST);
    if (host == null) {
      host = head.value(KnownHeader.HOST);
    }
    if (host != null) {
      line(lines, "x-forwarded-host", host);
    }
    return lines.toString();
  }

  private static String traceparent(Head head) {
    String given = head.value(KnownHeader.TRACEPARENT);
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
