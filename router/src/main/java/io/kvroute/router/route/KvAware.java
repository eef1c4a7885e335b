package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The replica from which the first token is expected soonest, counting what the others there lose.
 * Costs close to the best are a tie: the session's last replica wins it, then the one that holds
 * most of the prompt and so has to push out least for it, then chance. Never the plain minimum,
 * which would send all cold traffic to the replica whose learned speed is a percent better by
 * noise.
 */
final class KvAware implements Policy {

  private static final double TIE_BAND = 0.05;

  /** Scraped load is late: where there is any that is not ours, costs are less certain. */
  private static final double TIE_BAND_WITH_FOREIGN_LOAD = 0.1;

  private final SessionTable sessions;
  private final RandomGenerator random;

  KvAware(SessionTable sessions, RandomGenerator random) {
    this.sessions = sessions;
    this.random = random;
  }

  @Override
  public String name() {
    return "kv-aware";
  }

  @Override
  public boolean looksAtCaches() {
    return true;
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    double[] total = candidates.scratch();
    double best = Double.POSITIVE_INFINITY;
    double band = TIE_BAND;
    for (int i = 0; i < candidates.count(); i++) {
      ReplicaLedger ledger = candidates.ledger(i);
      total[i] = ledger.totalCost(candidates.promptTokens(), candidates.matchedTokens(i), nowNanos);
      best = Math.min(best, total[i]);
      band = ledger.foreignRequests() > 0 ? TIE_BAND_WITH_FOREIGN_LOAD : band;
    }
    return amongTies(candidates, total, best * (1 + band), sessions.replicaOf(query, nowNanos));
  }

  private int amongTies(
      Candidates candidates, double[] total, double limit, @Nullable ReplicaId last) {
    int picked = -1;
    int mostMatched = -1;
    int equals = 0;
    for (int i = 0; i < candidates.count(); i++) {
      if (total[i] > limit) {
        continue;
      }
      if (candidates.ledger(i).id().equals(last)) {
        return i;
      }
      int matched = candidates.matchedTokens(i);
      if (matched > mostMatched) {
        mostMatched = matched;
        picked = i;
        equals = 1;
      } else if (matched == mostMatched && random.nextInt(++equals) == 0) {
        picked = i;
      }
    }
    return picked;
  }
}
