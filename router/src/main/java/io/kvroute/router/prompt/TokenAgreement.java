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
 * Whether tokens that prompts are routed by agree with what the engines report, for each model,
 * kind of request and mode. {@value #LIMIT} mismatches more than agreements take a kind one mode
 * down for a while, after which it is on trial: the next report decides, and each failed trial
 * doubles the while. Ids that a self-check proved wrong keep a kind down until a check proves them
 * right. Thread-safe.
 */
final class TokenAgreement {

  static final int LIMIT = 3;
  static final long FIRST_BAN_MILLIS = 600_000;
  static final long LONGEST_BAN_MILLIS = 24 * 3_600_000L;

  private static final Logger log = LoggerFactory.getLogger(TokenAgreement.class);

  private record Way(String model, PromptKind kind, PromptMode mode) {}

  /**
   * How one kind stands.
   *
   * @param mismatches mismatches less agreements, at least 0
   * @param bannedUntilMillis end of the current ban; 0 where there was none or it was overcome
   * @param banMillis length of that ban
   * @param last the last mismatch, for people
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
  private final ConcurrentMap<Way, Standing> standings = new ConcurrentHashMap<>();

  TokenAgreement(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** What self-checks of replicas found of ids computed here. */
  CheckVerdicts verdicts() {
    return verdicts;
  }

  /** Whether prompts of this kind may take this mode. */
  boolean trusts(String model, PromptKind kind, PromptMode mode) {
    if (mode == PromptMode.TOKENS && verdicts.disprove(model, kind)) {
      return false;
    }
    if (standings.isEmpty()) {
      return true;
    }
    Standing standing = standings.get(new Way(model, kind, mode));
    return standing == null || clockMillis.getAsLong() >= standing.bannedUntilMillis();
  }

  /**
   * An engine told a prompt's length.
   *
   * @param mode on which the prompt was routed
   * @return whether it is the one it was routed by
   */
  boolean reported(
      String model, PromptKind kind, PromptMode mode, int ownTokens, int engineTokens) {
    Way way = new Way(model, kind, mode);
    if (ownTokens == engineTokens) {
      standings.computeIfPresent(
          way, (w, before) -> before.agreed().equals(Standing.GOOD) ? null : before.agreed());
      return true;
    }
    long now = clockMillis.getAsLong();
    String what =
        "%d prompt tokens by %s, %d counted by the engine"
            .formatted(ownTokens, mode.label(), engineTokens);
    Standing before = standings.get(way);
    Standing after =
        standings.compute(
            way, (w, known) -> (known == null ? Standing.GOOD : known).disagreed(now, what));
    if (!after.equals(before)) { // answers still to come to a kind taken down say nothing new
      log.warn(
          "model {}, {} requests: {}{}",
          model,
          kind.label(),
          what,
          after.bannedUntilMillis() > now ? "; they are routed one mode down for now" : "");
    }
    return false;
  }

  /** The last mismatch of each kind of requests to {@code model} that has not been overcome. */
  Map<PromptKind, String> disagreements(String model) {
    Map<PromptKind, String> all = new EnumMap<>(PromptKind.class);
    standings.forEach(
        (way, standing) -> {
          if (way.model().equals(model)) {
            all.put(way.kind(), standing.last());
          }
        });
    return all;
  }
}
