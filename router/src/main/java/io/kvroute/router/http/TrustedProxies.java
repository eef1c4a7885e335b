package io.kvroute.router.http;

import java.net.InetAddress;
import java.util.List;

/**
 * The peers that are believed about where a request comes from: load balancers and other proxies.
 * Immutable.
 */
public record TrustedProxies(List<Network> networks) {

  /** Nobody is believed. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** Takes a copy. */
  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /**
   * A block of addresses (CIDR).
   *
   * @param bits leading bits of {@code base} that all its addresses share
   */
  public record Network(InetAddress base, int bits) {

    boolean contains(InetAddress address) {
      byte[] ours = base.getAddress();
      byte[] theirs = address.getAddress();
      boolean same = ours.length == theirs.length;
      for (int i = 0; same && i < bits; i += 8) {
        int mask = 0xff << Math.max(0, 8 - (bits - i));
        same = ((ours[i / 8] ^ theirs[i / 8]) & mask & 0xff) == 0;
      }
      return same;
    }
  }

  /** Whether the peer at this address is believed. O(networks). */
  boolean include(InetAddress address) {
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
