package io.kvroute.router.route;

import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;

/**
 * What the router has sent to one replica and not seen the end of, how fast the replica has been
 * seen to work, and its hand on the index. Confined to the router's lock.
 */
final class ReplicaLedger {

  /** Rates this close to the fleet's are taken for equal: the difference may be noise. */
  private static final double SAME_SPEED = 0.15;

  private final Replica replica;
  private int blockSize;
  private ReplicaCache cache;
  private final PrefillRate rate = new PrefillRate();
  private int inflight;
  private int prefilling;
  private double queuedWork;
  private int queuedTokens;
  private int foreignRequests;
  private double fleetSecondsPerToken = PrefillRate.FIRST_SECONDS_PER_TOKEN;
  private long busySinceNanos;
  private int busyRequests;
  private double busyWork;
  private boolean busyWithForeignLoad;
  private long progressSinceNanos;

  ReplicaLedger(Replica replica, int blockSize, ReplicaCache cache) {
    this.replica = replica;
    this.blockSize = blockSize;
    this.cache = cache;
  }

  Replica replica() {
    return replica;
  }

  ReplicaId id() {
    return replica.id();
  }

  int slot() {
    return replica.slot();
  }

  int weight() {
    return replica.weight();
  }

  /** Stable for a URL, so that a ring looks alike in every router and after every restart. */
  long ringSeed() {
    return replica.url().toString().hashCode() * 0x10001L;
  }

  int blockSize() {
    return blockSize;
  }

  ReplicaCache cache() {
    return cache;
  }

  /** Its cache turns out to be another than was thought; what was believed of it is forgotten. */
  void cacheIs(int newBlockSize, ReplicaCache newCache) {
    cache.close();
    blockSize = newBlockSize;
    cache = newCache;
  }

  /** Forgets what the replica held; it is gone, or another takes its place. */
  void close() {
    cache.close();
  }

  ReplicaStats stats() {
    return new ReplicaStats(
        inflight,
        queuedTokens,
        cache.blocksHeld(),
        cache.capacity(),
        blockSize,
        rate.secondsPerToken(),
        cache.knowledge());
  }

  PrefillRate rate() {
    return rate;
  }

  int inflight() {
    return inflight;
  }

  /** Prompt tokens to be computed of requests whose first token has not come. */
  int queuedTokens() {
    return queuedTokens;
  }

  /** Requests at the engine that this router has not sent. */
  int foreignRequests() {
    return foreignRequests;
  }

  void scraped(EngineLoad load) {
    foreignRequests = Math.max(0, load.running() + load.waiting() - inflight);
  }

  void fleetSpeed(double secondsPerToken, double overheadSeconds) {
    fleetSecondsPerToken = secondsPerToken;
    rate.leanOn(secondsPerToken, overheadSeconds);
  }

  /** β as costs use it: the fleet's where the replica's own may differ by noise alone. */
  double secondsPerToken() {
    double own = rate.secondsPerToken();
    return Math.abs(own / fleetSecondsPerToken - 1) < SAME_SPEED ? fleetSecondsPerToken : own;
  }

  void reserve(double work, int uncachedTokens, long nowNanos) {
    if (prefilling == 0) {
      busySinceNanos = nowNanos;
      busyRequests = 0;
      busyWork = 0;
      busyWithForeignLoad = false;
      progressSinceNanos = nowNanos;
    }
    busyWithForeignLoad |= foreignRequests > 0;
    inflight++;
    prefilling++;
    queuedWork += work;
    queuedTokens += uncachedTokens;
  }

  /**
   * A request's prefill is done; the busy period's speed counts once nothing is left to prefill.
   */
  void prefilled(double work, int uncachedTokens, long nowNanos) {
    leaveQueue(work, uncachedTokens, nowNanos);
    busyRequests++;
    busyWork += work;
    if (prefilling == 0 && !busyWithForeignLoad) {
      rate.observe(busyRequests, busyWork, (nowNanos - busySinceNanos) / 1e9);
    }
  }

  /** A request's prefill will not be done, or not here; its busy period says nothing of speed. */
  void abandoned(double work, int uncachedTokens, long nowNanos) {
    leaveQueue(work, uncachedTokens, nowNanos);
    busyWithForeignLoad = true;
  }

  private void leaveQueue(double work, int uncachedTokens, long nowNanos) {
    prefilling--;
    queuedWork = prefilling == 0 ? 0 : queuedWork - work;
    queuedTokens -= uncachedTokens;
    progressSinceNanos = nowNanos;
  }

  void ended() {
    inflight--;
  }

  /**
   * Seconds until the prefill work sent there is done: all of it, less what must have been done
   * since the last first token, of which no more than one request's share is believed.
   */
  double queueSeconds(long nowNanos) {
    if (prefilling == 0) {
      return 0;
    }
    double done = (nowNanos - progressSinceNanos) / 1e9;
    double all = secondsPerToken() * queuedWork + rate.overheadSeconds() * prefilling;
    return all - Math.min(done, all / prefilling);
  }

  /** Work before a new request, for policies that know nothing of its prompt. */
  double loadSeconds(long nowNanos) {
    double requests = inflight + foreignRequests;
    return (queueSeconds(nowNanos) + requests * rate.overheadSeconds()) / replica.weight();
  }

  double totalCost(int promptTokens, int matchedTokens, long nowNanos) {
    double prefill = prefillSeconds(promptTokens, matchedTokens);
    return queueSeconds(nowNanos) + prefill + harm(prefill);
  }

  Cost cost(int promptTokens, int matchedTokens, long nowNanos) {
    double prefill = prefillSeconds(promptTokens, matchedTokens);
    return new Cost(queueSeconds(nowNanos), prefill, 0, 0, harm(prefill), 0);
  }

  private double prefillSeconds(int promptTokens, int matchedTokens) {
    double work = Cost.work(promptTokens - matchedTokens, matchedTokens);
    return rate.overheadSeconds() + secondsPerToken() * work;
  }

  private double harm(double prefillSeconds) {
    int decoding = inflight - prefilling + foreignRequests;
    return Cost.HARM_WEIGHT * decoding * prefillSeconds;
  }
}
