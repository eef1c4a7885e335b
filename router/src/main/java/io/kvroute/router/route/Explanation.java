package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.keys.PromptMode;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request would go now, and why.
 *
 * @param picked null where no replica is ready
 */
public record Explanation(
    String model,
    PromptMode mode,
    int promptTokens,
    @Nullable ReplicaId picked,
    List<OfReplica> replicas) {

  /**
   * What one replica has to offer.
   *
   * @param knowledge how its cache is known: {@code events}, {@code shadow} or {@code none}
   */
  public record OfReplica(
      ReplicaId id, URI url, ReplicaState state, int matchedTokens, String knowledge, Cost cost) {}
}
