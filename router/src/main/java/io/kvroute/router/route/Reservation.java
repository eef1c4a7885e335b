package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.keys.PromptMode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A ticket: what one request has reserved on a member. Its state is guarded by the router's lock.
 */
final class Reservation implements Ticket {

  /** Where the request stands. */
  enum State {
    PREFILLING,
    DECODING,
    CLOSED
  }

  final RoutedReplica member;
  final RouteObserver.Routed routed;
  final ReplicaCache.Passage passage;
  final double work;
  final Wait wait;
  final double expectedTtftSeconds;
  final int choices;
  final boolean streamed;
  final long routedNanos;

  /**
   * What stood before the request's first token when it was sent.
   *
   * @param waiting requests that lacked theirs
   * @param work tokens of prefill work left of these, and the request's own
   * @param decoding sequences that decoded there
   */
  record Wait(int waiting, double work, int decoding) {}

  State state = State.PREFILLING;
  boolean firstTokenSeen;

  /** Whether what its first token takes tells nothing of the replica's speed. */
  boolean disturbed;

  long firstTokenNanos;

  private final FleetRouter router;
  private final int blockSize;
  private final AtomicInteger generated = new AtomicInteger();

  /**
   * A reservation that has yet to be entered in its member's queue.
   *
   * @param work prefill work, in tokens
   */
  Reservation(
      FleetRouter router,
      RoutedReplica member,
      RouteObserver.Routed routed,
      ReplicaCache.Passage passage,
      RouteQuery query,
      double work,
      Wait wait,
      double expectedTtftSeconds,
      long routedNanos) {
    this.router = router;
    this.member = member;
    this.routed = routed;
    this.passage = passage;
    this.work = work;
    this.wait = wait;
    this.expectedTtftSeconds = expectedTtftSeconds;
    this.choices = query.choices();
    this.streamed = query.streamed();
    this.routedNanos = routedNanos;
    this.blockSize = member.blockSize();
  }

  @Override
  public Replica replica() {
    return member.replica;
  }

  @Override
  public int matchedTokens() {
    return routed.matchedTokens();
  }

  @Override
  public int bestMatchedTokens() {
    return routed.bestMatchedTokens();
  }

  @Override
  public void firstToken() {
    router.firstToken(this);
  }

  /** Takes the router's lock only when the answer has filled another block. */
  @Override
  public void generated(int chunks) {
    int after = generated.addAndGet(chunks);
    if (blocksFilled(after) != blocksFilled(after - chunks)) {
      router.generated(this, after);
    }
  }

  /** Blocks behind which another is needed: an engine never computes the last token it samples. */
  private int blocksFilled(int tokens) {
    return (routed.promptTokens() + tokens - 2) / blockSize;
  }

  @Override
  public void close(Outcome outcome) {
    router.close(this, outcome);
  }

  @Override
  public boolean wantsAnswer() {
    return passage.wantsAnswer();
  }

  @Override
  public void answered(int[] ids) {
    router.answered(this, ids);
  }

  void disturb() {
    disturbed = true;
  }

  int generatedTokens() {
    return generated.get();
  }

  /** Blocks of its prompt that were not cached, and those that its answer filled behind them. */
  private int filledBlocks(Outcome.Completed completed) {
    boolean exact = routed.mode() == PromptMode.TOKENS || routed.mode() == PromptMode.ENGINE_TOKENS;
    int told = completed.promptTokens();
    int prompt = told >= 0 ? told : exact ? routed.promptTokens() : 0;
    int known = completed.cachedTokens();
    int cached = known >= 0 ? known : exact ? routed.matchedTokens() : prompt;
    int answer = Math.max(completed.completionTokens(), generated.get()) / Math.max(1, choices);
    int computed = Math.max(prompt, prompt + answer - 1);
    int missing = Math.max(0, (prompt - 1) / blockSize - cached / blockSize);
    return prompt == 0 ? 0 : missing + computed / blockSize - prompt / blockSize;
  }

  RouteObserver.Finished finished(Outcome.Completed completed) {
    return new RouteObserver.Finished(
        routed.model(),
        routed.replica(),
        routed.mode(),
        completed.promptTokens(),
        routed.matchedTokens(),
        completed.cachedTokens(),
        routed.toldTokens(),
        filledBlocks(completed),
        expectedTtftSeconds,
        firstTokenSeen ? (firstTokenNanos - routedNanos) * 1e-9 : -1);
  }
}
