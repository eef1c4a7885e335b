package io.kvroute.router.admin;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.learn.EventStatus;
import io.kvroute.router.learn.KnowledgeState;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.FleetRouter;
import java.util.Map;
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
 * @param experience what requests have met with at a replica
 * @param logLevels the levels of the log
 * @param serving whether the data port accepts new requests
 */
public record AdminServices(
    Fleet fleet,
    FleetRouter router,
    KeySource keys,
    PromptKnowledge prompts,
    KnowledgeViews knowledge,
    Supplier<String> metrics,
    Function<ReplicaId, ReplicaExperience> experience,
    LogLevels logLevels,
    BooleanSupplier serving) {

  /** The levels of the log, which can be changed at run time. */
  public interface LogLevels {

    /** The loggers that have a level of their own, and their levels. */
    Map<String, String> levels();

    /**
     * Sets a logger's level.
     *
     * @param level null to follow the logger's parent
     * @return false if there is no such level
     */
    boolean set(String logger, @Nullable String level);
  }

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
