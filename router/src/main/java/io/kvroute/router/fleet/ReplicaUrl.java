package io.kvroute.router.fleet;

import java.net.URI;

/** Builds URLs at a replica, whose base URL may end in a slash. */
public final class ReplicaUrl {

  private ReplicaUrl() {}

  /**
   * The URL of a path at a replica.
   *
   * @param path begins with a slash
   */
  public static URI at(URI replica, String path) {
    String base = replica.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
