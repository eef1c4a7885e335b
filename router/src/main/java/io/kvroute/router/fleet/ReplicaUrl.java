package io.kvroute.router.fleet;

import java.net.URI;

/** Addresses at a replica, whose own may end in a slash. */
public final class ReplicaUrl {

  private ReplicaUrl() {}

  /**
   * What a replica has at a path.
   *
   * @param path begins with a slash
   */
  public static URI at(URI replica, String path) {
    String base = replica.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
