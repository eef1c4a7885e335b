package io.kvroute.router.route;

import java.util.HashMap;
import java.util.Map;

/** Each replica in its turn, as often as its weight says; every model has turns of its own. */
final class RoundRobin implements Policy {

  /** How often each replica's turn came, in turns of weight one; by model and slot. */
  private final Map<String, Map<Integer, Double>> turns = new HashMap<>();

  @Override
  public String name() {
    return "round-robin";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    Map<Integer, Double> ofModel = turns.computeIfAbsent(query.model(), model -> new HashMap<>());
    double fewest = fewestTurns(candidates, ofModel);
    int picked = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.count(); i++) {
      double taken = ofModel.computeIfAbsent(candidates.ledger(i).slot(), slot -> fewest);
      if (taken < least) {
        least = taken;
        picked = i;
      }
    }
    ReplicaLedger ledger = candidates.ledger(picked);
    ofModel.put(ledger.slot(), least + 1.0 / ledger.weight());
    return picked;
  }

  /** A replica that joins late starts level with the others, not behind them. */
  private static double fewestTurns(Candidates candidates, Map<Integer, Double> taken) {
    double fewest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.count(); i++) {
      Double known = taken.get(candidates.ledger(i).slot());
      fewest = known == null ? fewest : Math.min(fewest, known);
    }
    return fewest == Double.POSITIVE_INFINITY ? 0 : fewest;
  }
}
