package io.kvroute.router.admin;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.learn.EventStatus;
import io.kvroute.router.learn.KnowledgeState;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.FleetRouter;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services behind the admin port. All of them are thread-safe.
 *
 * @param keys computes keys as the data port does
 * @param prompts in which modes prompts are routed, and why not in better ones
 * @param knowledge how replicas' caches are known
 * @param metrics the text of a scrape
 * @param serving whether the data port accepts new requests
 */
public record AdminServices(
    Fleet fleet,
    FleetRouter router,
    KeySource keys,
    PromptKnowledge prompts,
    KnowledgeViews knowledge,
    Supplier<String> metrics,
    BooleanSupplier serving) {

  /**
   * How a replica's cache is known.
   *
   * @param events the state of its event stream, null if it has none
   * @param state which source is believed, and since when
   * @param disputed whether the replica's reports contradict what is known of its cache
   */
  public record KnowledgeViews(
      Function<ReplicaId, @Nullable EventStatus> events,
      Function<ReplicaId, KnowledgeState> state,
      Predicate<ReplicaId> disputed) {}
}
