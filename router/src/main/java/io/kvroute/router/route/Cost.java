package io.kvroute.router.route;

/**
 * What sending a prompt to a replica costs, in seconds, term by term; one not used is 0.
 *
 * @param queue prefill work already sent there and not yet done
 * @param prefill this prompt's own prefill
 * @param step what the decodes that share the prefill's steps add
 * @param slotWait waiting for a sequence slot or KV space
 * @param harm how much this prefill slows the sequences that decode there, as far as it counts
 * @param evict the value of what this prompt would push out of the cache
 */
public record Cost(
    double queue, double prefill, double step, double slotWait, double harm, double evict) {

  public double total() {
    return queue + prefill + step + slotWait + harm + evict;
  }
}
