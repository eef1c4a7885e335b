package io.kvroute.router.route;

import java.util.Arrays;

/**
 * The replicas a request could go to, in flat arrays; made anew for each decision in the same
 * memory. Confined to the router's lock.
 */
final class Candidates {

  private ReplicaLedger[] ledgers = new ReplicaLedger[8];
  private int[] matchedTokens = new int[8];
  private double[] cost = new double[8];
  private int count;
  private int promptTokens;
  private int bestMatchedTokens;

  void reset(int newPromptTokens) {
    count = 0;
    promptTokens = newPromptTokens;
    bestMatchedTokens = 0;
  }

  void add(ReplicaLedger ledger) {
    if (count == ledgers.length) {
      ledgers = Arrays.copyOf(ledgers, 2 * count);
      matchedTokens = Arrays.copyOf(matchedTokens, 2 * count);
      cost = Arrays.copyOf(cost, 2 * count);
    }
    ledgers[count] = ledger;
    matchedTokens[count] = 0;
    count++;
  }

  void match(int candidate, int tokens) {
    matchedTokens[candidate] = tokens;
    bestMatchedTokens = Math.max(bestMatchedTokens, tokens);
  }

  int count() {
    return count;
  }

  ReplicaLedger ledger(int candidate) {
    return ledgers[candidate];
  }

  int promptTokens() {
    return promptTokens;
  }

  int matchedTokens(int candidate) {
    return matchedTokens[candidate];
  }

  int bestMatchedTokens() {
    return bestMatchedTokens;
  }

  /** Scratch for a policy: one number for each candidate. */
  double[] scratch() {
    return cost;
  }
}
