package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Each in its turn, in proportion to weights and evenly interleaved: nginx's smooth weighted round
 * robin (src/http/ngx_http_upstream_round_robin.c). All gain credit by weight at every pick; the
 * richest is picked and pays the total.
 */
final class RoundRobin implements Policy {

  private double[] creditBySlot = {};

  @Override
  public int pick(Candidates candidates) {
    int best = 0;
    for (int i = 1; i < candidates.count; i++) {
      if (creditAfterGain(candidates, i) > creditAfterGain(candidates, best)) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void picked(Candidates candidates, int position) {
    double total = 0;
    for (int i = 0; i < candidates.count; i++) {
      int slot = candidates.slots[i];
      if (slot >= creditBySlot.length) {
        creditBySlot = Arrays.copyOf(creditBySlot, candidates.loads.weight.length);
      }
      creditBySlot[slot] += candidates.loads.weight[slot];
      total += candidates.loads.weight[slot];
    }
    creditBySlot[candidates.slots[position]] -= total;
  }

  private double creditAfterGain(Candidates candidates, int position) {
    int slot = candidates.slots[position];
    double credit = slot < creditBySlot.length ? creditBySlot[slot] : 0;
    return credit + candidates.loads.weight[slot];
  }
}
