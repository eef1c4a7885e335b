package io.kvroute.loadtest.simulate;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request on its way through the fleet, from the client's send to the end of the answer. */
final class VirtualExchange {

  private final VirtualFleet fleet;
  private final long id;
  private final VirtualRequest request;
  private final PromptKeys keys;
  private final Runnable onEnd;
  private final int[] prompt;
  private final Set<VirtualReplica> failed = new HashSet<>();
  private long sentNanos;
  private long firstTokenNanos;
  private boolean begun;
  private @Nullable Reservation reservation;
  private @Nullable VirtualReplica target;
  private boolean gone;

  VirtualExchange(
      VirtualFleet fleet, long id, VirtualRequest request, PromptKeys keys, Runnable onEnd) {
    this.fleet = fleet;
    this.id = id;
    this.request = request;
    this.keys = keys;
    this.onEnd = onEnd;
    this.prompt = Arrays.copyOf(request.ids(), request.promptTokens());
    this.sentNanos = fleet.clock().getAsLong();
  }

  /** Routes the request, once the client has sent it. */
  void send() {
    if (!gone) {
      fleet.dispatch(this);
    }
  }

  VirtualRequest request() {
    return request;
  }

  PromptKeys keys() {
    return keys;
  }

  int[] prompt() {
    return prompt;
  }

  /** The replicas that failed this request. */
  Set<VirtualReplica> failed() {
    return failed;
  }

  /** Sends the request to the replica that the router picked, which may be down by now. */
  void go(Reservation reserved, VirtualReplica picked) {
    reservation = reserved;
    target = picked;
    if (picked.isUp()) {
      picked.submit(id, this);
    } else {
      failed.add(picked);
      close(new Outcome.ReplicaFailed("connection refused", false));
      fleet.dispatch(this);
    }
  }

  /**
   * Called when the replica dies. The router retries a request whose answer has not begun.
   * Otherwise the client gets an error and sends the request again.
   */
  void lost() {
    close(new Outcome.ReplicaFailed("connection reset"));
    if (begun) {
      begun = false;
      sentNanos = fleet.clock().getAsLong();
    }
    fleet.dispatch(this);
  }

  /** The client disconnects, unless it has the whole answer. */
  void leave() {
    gone = true;
    if (target != null && target.abort(id)) {
      close(new Outcome.ClientLeft());
    }
  }

  boolean isGone() {
    return gone;
  }

  void token(int cachedTokens, boolean last) {
    Reservation reserved = reservation();
    if (!begun) {
      begun = true;
      reserved.firstToken();
      fleet.clients().chunk(() -> firstTokenNanos = fleet.clock().getAsLong());
    } else if (!last) {
      fleet.clients().chunk(() -> {});
    }
    reserved.generated(1);
    if (last) {
      close(completed(cachedTokens));
      int replica = Objects.requireNonNull(target).number();
      fleet.clients().chunk(() -> end(reserved, replica, cachedTokens));
    }
  }

  private Outcome completed(int cachedTokens) {
    boolean told = fleet.knowledge() == Knowledge.ANSWERS;
    int[] ids = request.ids();
    Outcome.Answer answer =
        told
            ? new Outcome.Answer.Ids(Arrays.copyOfRange(ids, prompt.length, ids.length))
            : new Outcome.Answer.Unknown();
    return new Outcome.Completed(
        prompt.length, request.answerTokens(), told ? cachedTokens : -1, answer);
  }

  /** Called when the client has the whole answer. */
  private void end(Reservation reserved, int replica, int cachedTokens) {
    fleet.answered(
        new Answered(
            request.conversation(),
            replica,
            sentNanos,
            firstTokenNanos - sentNanos,
            fleet.clock().getAsLong() - sentNanos,
            prompt.length,
            reserved.matchedTokens(),
            cachedTokens));
    onEnd.run();
  }

  private void close(Outcome outcome) {
    reservation().close(outcome);
  }

  private Reservation reservation() {
    return Objects.requireNonNull(reservation);
  }
}
