package io.kvroute.router.learn;

/**
 * What speaks for and against the beliefs about one replica's cache.
 *
 * <p>Counters cannot be told apart by request. They are compared over a window that closes at a
 * scrape by which the engine has looked up exactly the tokens that were sent there since the window
 * opened; when it has looked up others' too, or never looks up all of ours, the window is dropped.
 * Thread-safe.
 */
final class Evidence {

  /** Less is no disagreement: a block or two may go between a decision and its admission. */
  private static final int SLACK_TOKENS = 128;

  /** Of a prompt: more than this share of it believed wrongly is a disagreement. */
  private static final double SLACK_SHARE = 0.25;

  /** Weight of the newest request. */
  private static final double NEWEST = 1.0 / 8;

  /** Shares of requests that disagree above which, and below which, the knowledge is in doubt. */
  private static final double DOUBT = 0.6;

  private static final double TRUST = 0.3;

  /** So much must have been believed for its absence to mean that the cache is gone. */
  private static final int LEAST_LOST_TOKENS = 1_024;

  /** Scrapes after which a window that does not close is dropped. */
  private static final int PATIENCE_SCRAPES = 30;

  /**
   * What a report means.
   *
   * @param disagrees it contradicts what was believed
   * @param disputed what is known of the replica's cache must be doubted now
   * @param turned that was otherwise before
   * @param lost most of what was believed to be there is not
   */
  record Verdict(boolean disagrees, boolean disputed, boolean turned, boolean lost) {
    static final Verdict NOTHING = new Verdict(false, false, false, false);
  }

  private double disagreeing;
  private boolean disputed;

  private double queriedAtOpening = -1;
  private double hitAtOpening;
  private boolean exact = true;
  private long sentTokens;
  private long believedTokens;
  private int requests;
  private int scrapes;

  /** A request was sent there. */
  synchronized void routed(boolean tokensKnown, int promptTokens, int matchedTokens) {
    exact &= tokensKnown;
    sentTokens += promptTokens;
    believedTokens += matchedTokens;
    requests++;
  }

  /** An answer told what the engine had cached. */
  synchronized Verdict reported(int promptTokens, int matchedTokens, int cachedTokens) {
    return judge(differs(promptTokens, matchedTokens, cachedTokens), 1, false);
  }

  /** The engine's counters were read. */
  synchronized Verdict scraped(double queriedTokens, double hitTokens) {
    double queried = queriedTokens - queriedAtOpening;
    scrapes++;
    boolean first = queriedAtOpening < 0;
    if (!first && exact && queried == sentTokens && requests > 0) {
      Verdict verdict = compare(hitTokens - hitAtOpening);
      open(queriedTokens, hitTokens);
      return verdict;
    }
    boolean waiting = exact && queried >= 0 && queried < sentTokens && scrapes < PATIENCE_SCRAPES;
    if (first || !waiting) {
      open(queriedTokens, hitTokens);
    }
    return Verdict.NOTHING;
  }

  /** Whether what was believed must be doubted now. */
  synchronized boolean isDisputed() {
    return disputed;
  }

  private Verdict compare(double hit) {
    boolean lost = believedTokens >= LEAST_LOST_TOKENS && hit < believedTokens / 2.0;
    return judge(differs(sentTokens, believedTokens, hit), requests, lost);
  }

  private static boolean differs(long promptTokens, long believed, double real) {
    return Math.abs(believed - real) > Math.max(SLACK_TOKENS, SLACK_SHARE * promptTokens);
  }

  private Verdict judge(boolean differs, int weight, boolean lost) {
    double kept = Math.pow(1 - NEWEST, weight);
    disagreeing = kept * disagreeing + (differs ? 1 - kept : 0);
    boolean before = disputed;
    disputed = lost || disagreeing > (disputed ? TRUST : DOUBT);
    if (lost) {
      disagreeing = Math.max(disagreeing, DOUBT);
    }
    return new Verdict(differs, disputed, before != disputed, lost);
  }

  private void open(double queriedTokens, double hitTokens) {
    queriedAtOpening = queriedTokens;
    hitAtOpening = hitTokens;
    exact = true;
    sentTokens = 0;
    believedTokens = 0;
    requests = 0;
    scrapes = 0;
  }
}
