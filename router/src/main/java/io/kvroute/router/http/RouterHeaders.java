package io.kvroute.router.http;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.route.Reservation;
import org.jspecify.annotations.Nullable;

/** The header lines that the router adds to a replica's response. */
final class RouterHeaders {

  private RouterHeaders() {}

  /** The request id alone, for responses that the router makes itself. */
  static String requestIdLine(String requestId) {
    return "x-request-id: " + requestId + "\r\n";
  }

  /**
   * The request id and the replica's id; each line ends with CRLF.
   *
   * @param keys adds lines that say how the prompt was known and matched, unless null
   */
  static String of(String requestId, Reservation reservation, @Nullable PromptKeys keys) {
    StringBuilder lines = base(requestId, reservation).append("\r\n");
    if (keys != null) {
      lines
          .append("x-kvroute-mode: ")
          .append(keys.mode().label())
          .append("\r\nx-kvroute-prompt-tokens: ")
          .append(keys.tokens())
          .append("\r\nx-kvroute-matched-tokens: ")
          .append(reservation.matchedTokens())
          .append("\r\n");
    }
    return lines.toString();
  }

  private static StringBuilder base(String requestId, Reservation reservation) {
    return new StringBuilder(192)
        .append("x-request-id: ")
        .append(requestId)
        .append("\r\nvia: 1.1 kvroute\r\nx-kvroute-replica: ")
        .append(reservation.replica().id());
  }
}
