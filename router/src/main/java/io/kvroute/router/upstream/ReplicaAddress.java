package io.kvroute.router.upstream;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * The parts of a replica's URL.
 *
 * @param socket unresolved if the host is a name, so that each connection resolves it anew
 * @param hostHeader the value of the {@code Host} header
 * @param basePath the prefix of every path, without a trailing slash
 */
record ReplicaAddress(InetSocketAddress socket, String hostHeader, String basePath) {

  private static final int HTTP_PORT = 80;

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException unless it is {@code http://host[:port][/path]}
   */
  static ReplicaAddress of(URI url) {
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "replica URL: " + url + " (expected: http://host[:port][/path])");
    }
    int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new ReplicaAddress(socket(url.getHost(), port), url.getHost() + ":" + port, path);
  }

  private static InetSocketAddress socket(String host, int port) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal == null) {
      return InetSocketAddress.createUnresolved(host, port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(literal), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("replica host: " + host, e);
    }
  }
}
