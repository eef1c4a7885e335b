package io.kvroute.router.learn;

/**
 * Measures how well the predicted cache hits of one replica agree with those that the engine
 * reports: in single answers, and in the counters of its metrics.
 *
 * <p>Counters count the tokens of all requests together. They are therefore compared over a window
 * of time. The window ends at the first scrape at which the engine has looked up as many tokens as
 * the router has sent to it since the window began. If the engine has looked up more, other
 * clients' requests were among them, and the window is dropped; so it is if the engine does not
 * look up all tokens within some scrapes. Thread-safe.
 */
final class HitAccuracy {

  /** A smaller difference is no disagreement: a block or two may be evicted before admission. */
  private static final int SLACK_TOKENS = 128;

  /** A difference of more than this share of the prompt is a disagreement. */
  private static final double SLACK_SHARE = 0.25;

  /** Weight of the newest request in the moving average. */
  private static final double NEWEST_WEIGHT = 1.0 / 8;

  /** Predictions become disputed when the share of disagreeing requests reaches this ... */
  private static final double DISPUTE_SHARE = 0.6;

  /** ... and stop being disputed when the share falls to this. */
  private static final double TRUST_SHARE = 0.3;

  /** The least predicted tokens from which to conclude that the engine has lost its cache. */
  private static final int MIN_LOST_TOKENS = 1_024;

  /** A window that has not closed after so many scrapes is dropped. */
  private static final int MAX_WINDOW_SCRAPES = 30;

  /**
   * What a report shows.
   *
   * @param disagrees whether it contradicts the prediction
   * @param disputed whether knowledge of the replica's cache is disputed now
   * @param changed whether {@code disputed} was otherwise before
   * @param lost whether most of the predicted tokens were not cached
   */
  record Verdict(boolean disagrees, boolean disputed, boolean changed, boolean lost) {
    static final Verdict NOTHING = new Verdict(false, false, false, false);
  }

  private double disagreementShare;
  private boolean disputed;

  private double queriedAtOpening = -1;
  private double hitAtOpening;
  private boolean exact = true;
  private long sentTokens;
  private long predictedTokens;
  private int requests;
  private int scrapes;

  /** A request was routed to the replica. */
  synchronized void routed(boolean tokensKnown, int promptTokens, int matchedTokens) {
    exact &= tokensKnown;
    sentTokens += promptTokens;
    predictedTokens += matchedTokens;
    requests++;
  }

  /** An answer reported how many tokens were cached. */
  synchronized Verdict answered(int promptTokens, int matchedTokens, int cachedTokens) {
    return judge(disagrees(promptTokens, matchedTokens, cachedTokens), 1, false);
  }

  /** The engine's counters were scraped. */
  synchronized Verdict scraped(double queriedTokens, double hitTokens) {
    double queried = queriedTokens - queriedAtOpening;
    scrapes++;
    boolean first = queriedAtOpening < 0;
    if (!first && exact && queried == sentTokens && requests > 0) {
      Verdict verdict = compare(hitTokens - hitAtOpening);
      open(queriedTokens, hitTokens);
      return verdict;
    }
    boolean waiting = exact && queried >= 0 && queried < sentTokens && scrapes < MAX_WINDOW_SCRAPES;
    if (first || !waiting) {
      open(queriedTokens, hitTokens);
    }
    return Verdict.NOTHING;
  }

  /** Whether predictions are disputed now. */
  synchronized boolean isDisputed() {
    return disputed;
  }

  private Verdict compare(double hit) {
    boolean lost = predictedTokens >= MIN_LOST_TOKENS && hit < predictedTokens / 2.0;
    return judge(disagrees(sentTokens, predictedTokens, hit), requests, lost);
  }

  private static boolean disagrees(long promptTokens, long predicted, double reported) {
    return Math.abs(predicted - reported) > Math.max(SLACK_TOKENS, SLACK_SHARE * promptTokens);
  }

  private Verdict judge(boolean disagrees, int weight, boolean lost) {
    double kept = Math.pow(1 - NEWEST_WEIGHT, weight);
    disagreementShare = kept * disagreementShare + (disagrees ? 1 - kept : 0);
    boolean before = disputed;
    disputed = lost || disagreementShare > (disputed ? TRUST_SHARE : DISPUTE_SHARE);
    if (lost) {
      disagreementShare = Math.max(disagreementShare, DISPUTE_SHARE);
    }
    return new Verdict(disagrees, disputed, before != disputed, lost);
  }

  private void open(double queriedTokens, double hitTokens) {
    queriedAtOpening = queriedTokens;
    hitAtOpening = hitTokens;
    exact = true;
    sentTokens = 0;
    predictedTokens = 0;
    requests = 0;
    scrapes = 0;
  }
}
