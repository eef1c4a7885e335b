package io.kvroute.router.upstream;

import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;

/**
 * Hears of one attempt's answer, on the event loop that made the attempt: {@link #head}, {@link
 * #body} any number of times, then {@link #end}; or {@link #failed} at any point. Nothing comes
 * after the last two, nor after the attempt was cancelled.
 */
public interface AnswerListener {

  /** The answer's head, valid until the attempt ends. */
  void head(Head head, Framing framing);

  /**
   * The next bytes of the answer's body, freed of its framing.
   *
   * @param bytes readable from its reader to its writer index; only valid during the call, and its
   *     indices are not to be moved
   */
  void body(ByteBuf bytes);

  /** So much for what has arrived: a good moment to flush. */
  void readComplete();

  /** The answer is whole. */
  void end();

  /** There will be no whole answer. */
  void failed(Failure failure);

  /** A pooled connection turned out to be closed, and the request is sent again on a fresh one. */
  void reconnecting();
}
