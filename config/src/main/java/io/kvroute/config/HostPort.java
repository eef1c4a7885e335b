package io.kvroute.config;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port 0 lets the system choose
 */
public record HostPort(String host, int port) {

  private static final int MAX_PORT = 65_535;

  /** Parses {@code HOST:PORT} or {@code [IPV6]:PORT}; null if the text is neither. */
  static @Nullable HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      return null;
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    Integer port = Quantities.decimal(text.substring(colon + 1));
    boolean plausible = !host.isBlank() && bracketed == (host.indexOf(':') >= 0);
    return plausible && port != null && port <= MAX_PORT ? new HostPort(host, port) : null;
  }

  /** The address to bind; resolves the host. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
