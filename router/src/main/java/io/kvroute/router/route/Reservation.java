package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;

/** A ticket on a ledger. All state is confined to the router's lock. */
final class Reservation implements Ticket {

  private final FleetRouter router;
  private final RouteQuery query;
  private final ReplicaLedger ledger;
  private final ReplicaCache.Passage passage;
  private final int matchedTokens;
  private final int bestMatchedTokens;
  private final double work;
  private final double expectedTtftSeconds;
  private final long sentNanos;
  private long firstTokenNanos;
  private boolean prefilling = true;
  private int generatedTokens;
  private boolean closed;

  Reservation(
      FleetRouter router,
      RouteQuery query,
      ReplicaLedger ledger,
      ReplicaCache.Passage passage,
      int matchedTokens,
      int bestMatchedTokens,
      double expectedTtftSeconds,
      long sentNanos) {
    this.router = router;
    this.query = query;
    this.ledger = ledger;
    this.passage = passage;
    this.matchedTokens = matchedTokens;
    this.bestMatchedTokens = bestMatchedTokens;
    this.work = Cost.work(query.keys().tokens() - matchedTokens, matchedTokens);
    this.expectedTtftSeconds = expectedTtftSeconds;
    this.sentNanos = sentNanos;
  }

  @Override
  public Replica replica() {
    return ledger.replica();
  }

  @Override
  public int matchedTokens() {
    return matchedTokens;
  }

  @Override
  public int bestMatchedTokens() {
    return bestMatchedTokens;
  }

  @Override
  public void firstToken() {
    router.locked(this::prefillDone);
  }

  @Override
  public void generated(int chunks) {
    router.locked(
        nowNanos -> {
          generatedTokens += chunks;
          if (!closed) {
            passage.generated(generatedTokens);
          }
        });
  }

  @Override
  public void close(Outcome outcome) {
    router.locked(nowNanos -> end(outcome, nowNanos));
  }

  /** Takes the work on the ledger. Called once, under the lock. */
  void reserve(long nowNanos) {
    ledger.reserve(work, uncachedTokens(), nowNanos);
  }

  private void prefillDone(long nowNanos) {
    if (prefilling && !closed) {
      prefilling = false;
      firstTokenNanos = nowNanos;
      ledger.prefilled(work, uncachedTokens(), nowNanos);
      passage.firstToken();
    }
  }

  private void end(Outcome outcome, long nowNanos) {
    if (closed) {
      return;
    }
    if (outcome instanceof Outcome.Completed) {
      prefillDone(nowNanos);
    }
    closed = true;
    if (prefilling) {
      ledger.abandoned(work, uncachedTokens(), nowNanos);
    }
    ledger.ended();
    passage.ended(outcome);
    if (outcome instanceof Outcome.Completed completed) {
      router.finished(finished(completed));
    }
  }

  private RouteObserver.Finished finished(Outcome.Completed completed) {
    double ttftSeconds = firstTokenNanos == 0 ? -1 : (firstTokenNanos - sentNanos) / 1e9;
    return new RouteObserver.Finished(
        query.model(),
        ledger.id(),
        completed.promptTokens(),
        matchedTokens,
        completed.cachedTokens(),
        expectedTtftSeconds,
        ttftSeconds);
  }

  private int uncachedTokens() {
    return query.keys().tokens() - matchedTokens;
  }
}
