package io.kvroute.router.route;

/**
 * What sending a prompt to a replica costs, in seconds, term by term.
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

  /**
   * Attention's share of prefill: the cost of one token attending to another, as a part of a
   * token's cost outside attention. 4 · layers · hidden size over 2 · parameters floating-point
   * operations; for an 8B model of 36 layers of 4096, 3.7e-5.
   */
  static final double ATTENTION_PER_TOKEN = 3.7e-5;

  /** How much a second of another request's decoding counts beside a second of this one's TTFT. */
  static final double HARM_WEIGHT = 0.1;

  public double total() {
    return queue + prefill + step + slotWait + harm + evict;
  }

  /**
   * Prefill work in tokens, attention included.
   *
   * @param uncached tokens to compute
   * @param matched tokens before them that are cached
   */
  static double work(int uncached, int matched) {
    return uncached + ATTENTION_PER_TOKEN * uncached * (matched + uncached / 2.0);
  }
}
