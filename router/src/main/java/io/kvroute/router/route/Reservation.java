package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The load and the cache blocks that one request has reserved on a replica, from the routing
 * decision until its answer ends. Every path of a request ends in {@link #close}; only the first
 * call counts.
 *
 * <p>Thread-safe: each signal takes the router's lock, updates the replica's queue and cache, and
 * calls observers after it has released the lock.
 */
public final class Reservation {

  /** Why a replica is down that a request could not reach; probes find out more. */
  private static final String NO_CONNECTION = "a request could not connect to it";

  /** Where the request stands at the replica. */
  enum State {
    PREFILLING,
    DECODING,
    CLOSED
  }

  /**
   * What the decision predicted for the request.
   *
   * @param inputs what precedes the request's first token
   * @param work the request's own prefill work, in tokens
   * @param ttftSeconds time to the first token
   * @param disturbed whether the request is disturbed from the start ({@link PrefillQueue})
   * @param routedNanos when the request was routed
   */
  record Prediction(
      TtftModel.Inputs inputs,
      double work,
      double ttftSeconds,
      boolean disturbed,
      long routedNanos) {}

  final RouteObserver.Routed routed;
  final Prediction predicted;
  final int choices;
  final boolean streamed;

  /** Guarded by the router's lock, as is all state below. */
  State state = State.PREFILLING;

  /** Whether the request is disturbed ({@link PrefillQueue}). */
  boolean disturbed;

  /** The queue's count of disturbances when the request joined ({@link PrefillQueue}). */
  long disturbancesBefore;

  private final RouterContext context;
  private final RoutedReplica replica;
  private final CacheUse cacheUse;
  private final SessionMove sessionMove;
  private final int blockSize;
  private final AtomicInteger generatedTokens = new AtomicInteger();
  private boolean hasFirstToken;
  private long firstTokenNanos;

  /** Creates a reservation that is not yet in its replica's queue. */
  Reservation(
      RouterContext context,
      RoutedReplica replica,
      RouteQuery query,
      RouteObserver.Routed routed,
      SessionMove sessionMove,
      CacheUse cacheUse,
      Prediction predicted) {
    this.context = context;
    this.replica = replica;
    this.routed = routed;
    this.sessionMove = sessionMove;
    this.cacheUse = cacheUse;
    this.predicted = predicted;
    this.disturbed = predicted.disturbed();
    this.choices = query.choices();
    this.streamed = query.streamed();
    this.blockSize = replica.blockSize();
  }

  /** The replica to which the request goes. */
  public Replica replica() {
    return replica.identity;
  }

  /** Whether something speaks against the replica's engine ({@link Health}). */
  public boolean isReplicaSuspect() {
    context.lock().lock();
    try {
      return replica.health.current().state() != Health.State.WELL;
    } finally {
      context.lock().unlock();
    }
  }

  /** Leading tokens of the prompt predicted to be in the replica's cache when it was picked. */
  public int matchedTokens() {
    return routed.match().tokens();
  }

  /** Reports the decision to the router's observer; to be called once, without the lock. */
  void reportRouted() {
    context.observer().routed(routed);
    if (sessionMove != SessionMove.NONE) {
      context.observer().session(sessionMove == SessionMove.STAYED);
    }
  }

  /** The first token has arrived: prefill is done. Later calls have no effect. */
  public void firstToken() {
    context.lock().lock();
    try {
      if (!hasFirstToken && state != State.CLOSED) {
        hasFirstToken = true;
        firstTokenNanos = context.clockNanos().getAsLong();
        endPrefill(true, firstTokenNanos);
        learnSpeed();
        if (!replica.gone) {
          replica.health.firstToken(this, firstTokenNanos);
        }
        cacheUse.firstToken();
        replica.advance(firstTokenNanos);
      }
    } finally {
      context.lock().unlock();
    }
  }

  private void learnSpeed() {
    if (!disturbed && !replica.gone) {
      double seconds = (firstTokenNanos - predicted.routedNanos()) * 1e-9;
      replica.speed.learn(replica, predicted.inputs(), seconds, firstTokenNanos);
    }
  }

  /**
   * The answer's stream makes progress. Takes the router's lock only after a long pause.
   *
   * @param pauseNanos time since the stream's last progress
   */
  public void progressed(long pauseNanos) {
    replica.health.progressed(context.clockNanos().getAsLong());
    if (pauseNanos >= Pauses.NOTABLE_NANOS) {
      context.lock().lock();
      try {
        replica.health.pauses().ended(pauseNanos);
      } finally {
        context.lock().unlock();
      }
    }
  }

  /** The answer's stream is ended because it has been silent for so long. */
  public void cutAfter(long silenceNanos) {
    context.lock().lock();
    try {
      replica.health.pauses().cut(silenceNanos, context.clockNanos().getAsLong());
    } finally {
      context.lock().unlock();
    }
  }

  /** The longest pause that streams of this replica have shown lately; 0 if below a second. */
  public long longestPauseNanos() {
    context.lock().lock();
    try {
      return replica.health.pauses().longestNanos();
    } finally {
      context.lock().unlock();
    }
  }

  /** Whether the replica's engine has brought no token for at least so long. */
  public boolean isReplicaQuiet(long nanos) {
    context.lock().lock();
    try {
      return replica.health.isQuiet(nanos, context.clockNanos().getAsLong());
    } finally {
      context.lock().unlock();
    }
  }

  /** Whether the replica's engine has stalled and has made no progress for at least so long. */
  public boolean isReplicaStalled(long nanos) {
    context.lock().lock();
    try {
      return replica.health.isStalled(nanos, context.clockNanos().getAsLong());
    } finally {
      context.lock().unlock();
    }
  }

  /**
   * More of the answer has arrived. Takes the router's lock only when the answer has filled another
   * block.
   *
   * @param chunks stream chunks, taken for one token each
   */
  public void generated(int chunks) {
    int tokens = generatedTokens.addAndGet(chunks);
    if (filledBlocks(tokens) == filledBlocks(tokens - chunks)) {
      return;
    }
    context.lock().lock();
    try {
      if (state == State.DECODING) {
        cacheUse.generated(tokens);
        replica.refreshSpace();
      }
    } finally {
      context.lock().unlock();
    }
  }

  /** Full blocks after so many tokens: an engine never computes the last token that it samples. */
  private int filledBlocks(int tokens) {
    return (routed.match().promptTokens() + tokens - 2) / blockSize;
  }

  /** Ends the request and releases everything that it reserved. */
  public void close(Outcome outcome) {
    context.lock().lock();
    try {
      if (state == State.CLOSED) {
        return;
      }
      release(outcome, context.clockNanos().getAsLong());
    } finally {
      context.lock().unlock();
    }
    if (outcome instanceof Outcome.Completed completed) {
      context.observer().finished(finished(completed));
    }
    if (outcome instanceof Outcome.Refused refused && refused.status() >= 500) {
      context.observer().failed(replica.identity.id(), "status-" + refused.status());
    }
    if (outcome instanceof Outcome.ReplicaFailed failed) {
      context.observer().failed(replica.identity.id(), failed.reason());
      if (!failed.reached()) {
        context.fleet().down(replica.identity.id(), NO_CONNECTION);
      }
    }
  }

  private void release(Outcome outcome, long nowNanos) {
    endPrefill(false, nowNanos);
    state = State.CLOSED;
    cacheUse.ended(outcome, generatedTokens.get());
    if (replica.gone) {
      return;
    }
    boolean decoded = outcome instanceof Outcome.Completed && hasFirstToken;
    replica.release(choices, decoded ? (nowNanos - firstTokenNanos) * 1e-9 : -1);
    replica.health.ended(this, streamed && !hasFirstToken, outcome, nowNanos);
    replica.advance(nowNanos);
  }

  private void endPrefill(boolean done, long nowNanos) {
    if (state == State.PREFILLING) {
      state = State.DECODING;
      if (!replica.gone) {
        replica.endPrefill(this, done, nowNanos);
      }
    }
  }

  /** Whether {@link #answered} would add something that no other signal reports. */
  public boolean wantsAnswer() {
    return cacheUse.wantsAnswer();
  }

  /** The answer's token ids have become known after the request ended. */
  public void answered(int[] ids) {
    context.lock().lock();
    try {
      cacheUse.answered(ids);
    } finally {
      context.lock().unlock();
    }
  }

  private RouteObserver.Finished finished(Outcome.Completed completed) {
    double ttftSeconds = hasFirstToken ? (firstTokenNanos - predicted.routedNanos()) * 1e-9 : -1;
    int answerTokens =
        Math.max(completed.completionTokens(), generatedTokens.get()) / Math.max(1, choices);
    return new RouteObserver.Finished(
        routed,
        completed.promptTokens(),
        completed.cachedTokens(),
        FilledBlocks.count(routed, completed, answerTokens, blockSize),
        predicted.ttftSeconds(),
        ttftSeconds);
  }
}
