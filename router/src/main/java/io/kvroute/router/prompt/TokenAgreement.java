package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the router's prompt tokens can be trusted, by comparing their count with the
 * engine's reports, for each model, kind of request and mode.
 *
 * <p>One counter is kept for each such triple that has mismatched: a mismatch adds one, an
 * agreement takes one away. At {@value #LIMIT} the mode is banned for ten minutes, and such
 * requests use the next mode in {@link PromptMode}'s order. After a ban the mode is on trial. On
 * trial, one mismatch bans it for twice as long as before, up to a day; one agreement ends the
 * trial. Ids that a self-check disproved stay banned until a check confirms them. For example:
 *
 * <pre>
 *   engine counts 20, router 21      mismatch 1 of 3: still trusted
 *   the same twice more              banned for 10 minutes
 *   10 minutes later                 trusted, on trial
 *   engine counts 20, router 21      banned for 20 minutes
 *   20 minutes later                 trusted, on trial
 *   engine counts 20, router 20      trusted, no mismatch counted
 * </pre>
 *
 * <p>{@link #trusts} costs one hash lookup, or none while nothing has mismatched. Thread-safe.
 */
final class TokenAgreement {

  static final int LIMIT = 3;
  static final long FIRST_BAN_MILLIS = 600_000;
  static final long LONGEST_BAN_MILLIS = 24 * 3_600_000L;

  private static final Logger log = LoggerFactory.getLogger(TokenAgreement.class);

  private record Key(String model, PromptKind kind, PromptMode mode) {}

  /**
   * The record of one model, kind and mode.
   *
   * @param mismatches mismatches minus agreements, at least 0
   * @param bannedUntilMillis the end of the latest ban; 0 if there was none or it was lifted
   * @param banMillis the length of that ban
   * @param last the last mismatch, in words
   */
  private record Standing(int mismatches, long bannedUntilMillis, long banMillis, String last) {

    static final Standing GOOD = new Standing(0, 0, 0, "");

    Standing agreed() {
      return mismatches <= 1 ? GOOD : new Standing(mismatches - 1, 0, 0, last);
    }

    Standing disagreed(long nowMillis, String what) {
      boolean onTrial = bannedUntilMillis > 0;
      if (onTrial && nowMillis < bannedUntilMillis) {
        return this;
      }
      if (!onTrial && mismatches + 1 < LIMIT) {
        return new Standing(mismatches + 1, 0, 0, what);
      }
      long ban = onTrial ? Math.min(2 * banMillis, LONGEST_BAN_MILLIS) : FIRST_BAN_MILLIS;
      return new Standing(0, nowMillis + ban, ban, what);
    }
  }

  private final LongSupplier clockMillis;
  private final CheckVerdicts verdicts = new CheckVerdicts();
  private final ConcurrentMap<Key, Standing> standings = new ConcurrentHashMap<>();

  TokenAgreement(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** The results of self-checks of locally computed ids. */
  CheckVerdicts verdicts() {
    return verdicts;
  }

  /** Whether prompts of this kind may use this mode. */
  boolean trusts(String model, PromptKind kind, PromptMode mode) {
    if (mode == PromptMode.TOKENS && verdicts.isDisproved(model, kind)) {
      return false;
    }
    if (standings.isEmpty()) {
      return true;
    }
    Standing standing = standings.get(new Key(model, kind, mode));
    return standing == null || clockMillis.getAsLong() >= standing.bannedUntilMillis();
  }

  /**
   * Compares the router's count with an engine's report.
   *
   * @param mode in which the prompt was routed
   * @return whether the counts agree
   */
  boolean reported(
      String model, PromptKind kind, PromptMode mode, int ownTokens, int engineTokens) {
    Key key = new Key(model, kind, mode);
    if (ownTokens == engineTokens) {
      standings.computeIfPresent(
          key, (k, before) -> before.agreed().equals(Standing.GOOD) ? null : before.agreed());
      return true;
    }
    long now = clockMillis.getAsLong();
    String what =
        "the router counted %d prompt tokens in mode %s, the engine %d"
            .formatted(ownTokens, mode.label(), engineTokens);
    Standing before = standings.get(key);
    Standing after =
        standings.compute(
            key, (k, known) -> (known == null ? Standing.GOOD : known).disagreed(now, what));
    if (!after.equals(before)) { // late reports during a ban change nothing
      log.warn("model {}, {} requests: {}{}", model, kind.label(), what, consequence(after, now));
    }
    return false;
  }

  private static String consequence(Standing standing, long nowMillis) {
    long banMillis = standing.bannedUntilMillis() - nowMillis;
    return banMillis <= 0
        ? ""
        : "; such requests use a less exact mode for %d minutes, and may miss cache hits"
            .formatted(banMillis / 60_000);
  }

  /** The last unresolved mismatch of each kind of request to {@code model}. */
  Map<PromptKind, String> disagreements(String model) {
    Map<PromptKind, String> all = new EnumMap<>(PromptKind.class);
    standings.forEach(
        (key, standing) -> {
          if (key.model().equals(model)) {
            all.put(key.kind(), standing.last());
          }
        });
    return all;
  }
}
