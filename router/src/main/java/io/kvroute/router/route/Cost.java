package io.kvroute.router.route;

/**
 * The predicted cost of sending a prompt to a replica, in seconds, term by term. {@link CostModel}
 * defines the terms.
 *
 * @param queue prefill work already sent there and not yet done
 * @param prefill this prompt's own prefill
 * @param slotWait waiting for a sequence slot or KV space
 * @param harm how much this prefill slows the sequences that decode there, weighted
 * @param evict the value of the cached blocks that this prompt would evict
 */
public record Cost(double queue, double prefill, double slotWait, double harm, double evict) {

  public double total() {
    return queue + prefill + slotWait + harm + evict;
  }
}
