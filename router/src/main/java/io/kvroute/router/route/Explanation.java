package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.keys.PromptMode;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request would be sent now, and why.
 *
 * @param picked null where no replica is ready
 */
public record Explanation(
    String model,
    PromptMode mode,
    int promptTokens,
    @Nullable ReplicaId picked,
    List<ReplicaCost> replicas) {

  /**
   * The figures of one replica.
   *
   * @param matchedTokens leading tokens of the prompt that the replica is predicted to hold
   * @param knowledge how its cache is known: {@code events}, {@code shadow} or {@code none}
   */
  public record ReplicaCost(
      ReplicaId id, URI url, ReplicaState state, int matchedTokens, String knowledge, Cost cost) {}
}
