package io.kvroute.router.wire;

import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Decides which headers the router passes on. It passes headers that concern one connection (RFC
 * 9110, 7.6.1) in neither direction, nor headers that it writes itself.
 */
public final class HeaderRules {

  private HeaderRules() {}

  /**
   * Appends the header lines of a client's request that the replica receives. Drops {@code
   * Accept-Encoding}, because the router reads usage and the end of a stream from the response, and
   * {@code Content-Encoding}, because the router forwards every body decoded.
   *
   * @param believed whether the peer may tell where the request comes from; otherwise the headers
   *     in which proxies do so are dropped
   */
  public static void copyRequestHeaders(Head head, boolean believed, ByteBuf out) {
    Set<String> hopByHop = namedByConnection(head);
    for (int i = 0; i < head.count(); i++) {
      if (goesToReplica(head, i, believed) && isEndToEnd(head, i, hopByHop)) {
        head.writeLine(out, i);
      }
    }
  }

  /**
   * Appends the header lines of a replica's response that the client receives. Drops those that
   * reveal the replica's location or software.
   */
  public static void copyResponseHeaders(Head head, ByteBuf out) {
    Set<String> hopByHop = namedByConnection(head);
    for (int i = 0; i < head.count(); i++) {
      if (goesToClient(head, i) && isEndToEnd(head, i, hopByHop)) {
        head.writeLine(out, i);
      }
    }
  }

  private static boolean goesToReplica(Head head, int i, boolean believed) {
    KnownHeader known = head.known(i);
    if (known == null) {
      return believed || !head.nameStartsWith(i, "x-forwarded-");
    }
    return switch (known) {
      case CONNECTION,
          KEEP_ALIVE,
          PROXY_AUTHENTICATE,
          PROXY_AUTHORIZATION,
          PROXY_CONNECTION,
          TE,
          TRAILER,
          TRANSFER_ENCODING,
          UPGRADE ->
          false;
      case ACCEPT_ENCODING,
          CONTENT_ENCODING,
          CONTENT_LENGTH,
          EXPECT,
          FORWARDED,
          HOST,
          TRACEPARENT,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PROTO,
          X_REQUEST_ID ->
          false;
      case X_REAL_IP -> believed;
      default -> true;
    };
  }

  private static boolean goesToClient(Head head, int i) {
    KnownHeader known = head.known(i);
    if (known == null) {
      return !head.nameStartsWith(i, "x-kvroute-");
    }
    return switch (known) {
      case CONNECTION,
          KEEP_ALIVE,
          PROXY_AUTHENTICATE,
          PROXY_CONNECTION,
          TE,
          TRAILER,
          TRANSFER_ENCODING,
          UPGRADE ->
          false;
      case ALT_SVC, CONTENT_LENGTH, SERVER, X_POWERED_BY, X_REQUEST_ID -> false;
      case LOCATION, CONTENT_LOCATION -> !head.value(i).contains("//");
      default -> true;
    };
  }

  private static boolean isEndToEnd(Head head, int i, Set<String> hopByHop) {
    return hopByHop.isEmpty() || !hopByHop.contains(head.lowerCaseName(i));
  }

  /** The names that {@code Connection} lines list, in lower case; empty if persistence is all. */
  private static Set<String> namedByConnection(Head head) {
    Set<String> names = Set.of();
    for (int i = 0; i < head.count(); i++) {
      if (head.known(i) == KnownHeader.CONNECTION && !isPersistence(head.value(i))) {
        names = names.isEmpty() ? new HashSet<>() : names;
        for (String name : head.value(i).toLowerCase(Locale.ROOT).split(",", -1)) {
          names.add(name.strip());
        }
      }
    }
    return names;
  }

  private static boolean isPersistence(String connection) {
    return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
  }
}
