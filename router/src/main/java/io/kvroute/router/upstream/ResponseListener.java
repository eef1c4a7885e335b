package io.kvroute.router.upstream;

import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;

/**
 * Receives the response of one attempt, on the event loop that made the attempt: {@link #head},
 * then {@link #body} any number of times, then {@link #end}; or {@link #failed} at any point. No
 * call follows {@code end} or {@code failed}, or the attempt's cancellation.
 */
public interface ResponseListener {

  /** The response head, valid until the attempt ends. */
  void head(Head head, Framing framing);

  /**
   * The next bytes of the response body, without framing.
   *
   * @param bytes readable from reader to writer index; valid only during the call; the listener
   *     must not move the indices
   */
  void body(ByteBuf bytes);

  /** All bytes that have arrived were delivered: the time to flush. */
  void readComplete();

  /** The response is complete. */
  void end();

  /** The response cannot be completed. */
  void failed(Failure failure);

  /** A pooled connection turned out to be closed; the request is sent again on a new one. */
  void reconnecting();
}
