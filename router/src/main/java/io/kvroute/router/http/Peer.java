package io.kvroute.router.http;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The other end of a client's connection.
 *
 * @param address as text
 * @param believed whether it is a trusted proxy, which tells where its requests come from
 */
record Peer(String address, boolean believed) {

  static Peer of(Channel channel, TrustedProxies trusted) {
    InetAddress address =
        channel.remoteAddress() instanceof InetSocketAddress remote ? remote.getAddress() : null;
    return address == null
        ? new Peer("unknown", false)
        : new Peer(address.getHostAddress(), trusted.include(address));
  }
}
