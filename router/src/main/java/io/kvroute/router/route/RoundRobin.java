package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Picks each replica in its turn, in proportion to weights and evenly interleaved: nginx's smooth
 * weighted round robin (src/http/ngx_http_upstream_round_robin.c). At every pick each candidate
 * gains its weight as credit; the candidate with the most credit is picked and pays the total.
 *
 * <pre>
 *   weights a 2, b 1    credit after the gain    picked    credit after the payment
 *   first pick          2, 1                     a         -1, 1
 *   second pick         1, 2                     b         1, -1
 *   third pick          3, 0                     a         0, 0
 * </pre>
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
