package io.kvroute.router.http;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import io.netty.util.NetUtil;

/** Checks the host of a request, in its Host header or in an absolute target. */
final class HostHeader {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;

  private HostHeader() {}

  /**
   * RFC 9112, 3.2: an HTTP/1.1 request has exactly one Host header, and its value is a valid host.
   */
  static boolean isValidIn(Head head) {
    int hosts = 0;
    for (int i = 0; i < head.count(); i++) {
      if (head.known(i) == KnownHeader.HOST) {
        hosts++;
        if (!isValid(head.value(i))) {
          return false;
        }
      }
    }
    return hosts == 1 || (hosts == 0 && head.minorVersion() == 0);
  }

  /**
   * Whether the text is {@code host[:port]} (RFC 3986, 3.2.2 and 3.2.3) without user information. A
   * URL of HTTP has a host that is not empty (RFC 9110, 4.2.1).
   */
  static boolean isValid(String authority) {
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      return end > 0
          && NetUtil.isValidIpV6Address(authority.substring(1, end))
          && isPort(authority.substring(end + 1));
    }
    int colon = authority.indexOf(':');
    int end = colon < 0 ? authority.length() : colon;
    return end > 0 && isName(authority, end) && isPort(authority.substring(end));
  }

  private static boolean isName(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (c == '%') {
        if (i + 2 >= end || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
          return false;
        }
      } else if (!letterOrDigit && "-._~!$&'()*+;=".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Empty, or a colon and a port that may be empty. */
  private static boolean isPort(String text) {
    if (text.isEmpty()) {
      return true;
    }
    if (text.charAt(0) != ':' || text.length() > MAX_PORT_DIGITS + 1) {
      return false;
    }
    int port = 0;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = 10 * port + c - '0';
    }
    return port <= MAX_PORT;
  }

  private static boolean isHex(char c) {
    return Character.digit(c, 16) >= 0;
  }
}
