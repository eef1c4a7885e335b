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
 * What the admin port shows and does. All of it is thread-safe.
 *
 * @param keys makes keys as the data port does
 * @param prompts on which modes prompts are routed, and why not on better ones
 * @param events how a replica's event stream fares, null where it has none
 * @param knowledge how a replica's cache is known, and since when
 * @param disputed whether a replica's reports disagree with what is known of its cache
 * @param metrics the scrape's text
 * @param serving whether the data port takes new requests
 */
public record AdminPlane(
    Fleet fleet,
    FleetRouter router,
    KeySource keys,
    PromptKnowledge prompts,
    Function<ReplicaId, @Nullable EventStatus> events,
    Function<ReplicaId, KnowledgeState> knowledge,
    Predicate<ReplicaId> disputed,
    Supplier<String> metrics,
    BooleanSupplier serving) {}
