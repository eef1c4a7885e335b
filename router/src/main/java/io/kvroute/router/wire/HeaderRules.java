package io.kvroute.router.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Decides which headers the router passes on. It passes headers that concern one connection (RFC
 * 9110, 7.6.1) in neither direction, nor headers that it writes itself.
 */
public final class HeaderRules {

  private HeaderRules() {}

  /**
   * Appends the header lines of a client's request that the replica receives. Drops {@code
   * Accept-Encoding}, because the router reads usage and the end of a stream from the response.
   */
  public static void copyRequestHeaders(Head head, ByteBuf out) {
    boolean named = namesOthers(head);
    for (int i = 0; i < head.count(); i++) {
      if (goesToReplica(head.known(i)) && !(named && head.namedByConnection(i))) {
        head.writeLine(out, i);
      }
    }
  }

  /**
   * Appends the header lines of a replica's response that the client receives. Drops those that
   * reveal the replica's location or software.
   */
  public static void copyResponseHeaders(Head head, ByteBuf out) {
    boolean named = namesOthers(head);
    for (int i = 0; i < head.count(); i++) {
      if (goesToClient(head, i) && !(named && head.namedByConnection(i))) {
        head.writeLine(out, i);
      }
    }
  }

  private static boolean goesToReplica(@Nullable KnownHeader known) {
    if (known == null) {
      return true;
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
          CONTENT_LENGTH,
          EXPECT,
          HOST,
          TRACEPARENT,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PROTO,
          X_REQUEST_ID ->
          false;
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

  private static boolean namesOthers(Head head) {
    int i = head.indexOf(KnownHeader.CONNECTION);
    return i >= 0 && !isPersistence(head.value(i));
  }

  private static boolean isPersistence(String connection) {
    return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
  }
}
