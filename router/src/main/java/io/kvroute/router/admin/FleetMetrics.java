package io.kvroute.router.admin;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Health;
import io.kvroute.router.route.ReplicaStats;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The state of each replica as gauges, updated at each scrape. Thread-safe. */
public final class FleetMetrics implements Supplier<String> {

  private final Fleet fleet;
  private final FleetRouter router;
  private final RouteMetrics routes;
  private final KnowledgeMetrics knowledge;
  private final PrometheusMeterRegistry registry;
  private final MultiGauge up;
  private final MultiGauge inflight;
  private final MultiGauge blocks;
  private final MultiGauge disputed;
  private final MultiGauge inRotation;

  public FleetMetrics(
      Fleet fleet,
      FleetRouter router,
      RouteMetrics routes,
      KnowledgeMetrics knowledge,
      PrometheusMeterRegistry registry) {
    this.fleet = fleet;
    this.router = router;
    this.routes = routes;
    this.knowledge = knowledge;
    this.registry = registry;
    this.up = MultiGauge.builder("kvroute.replica.up").register(registry);
    this.inflight = MultiGauge.builder("kvroute.replica.inflight").register(registry);
    this.blocks = MultiGauge.builder("kvroute.index.blocks").register(registry);
    this.inRotation = MultiGauge.builder("kvroute.replica.in.rotation").register(registry);
    this.disputed = MultiGauge.builder("kvroute.knowledge.disputed").register(registry);
  }

  /** The scrape in Prometheus' text format. */
  @Override
  public synchronized String get() {
    List<MultiGauge.Row<?>> ups = new ArrayList<>();
    List<MultiGauge.Row<?>> inflights = new ArrayList<>();
    List<MultiGauge.Row<?>> held = new ArrayList<>();
    List<MultiGauge.Row<?>> disputes = new ArrayList<>();
    List<MultiGauge.Row<?>> rotations = new ArrayList<>();
    Set<ReplicaId> present = new HashSet<>();
    for (ReplicaView view : fleet.snapshot().replicas()) {
      present.add(view.id());
      Tags tags = Tags.of("replica", view.id().value());
      ReplicaStats stats = router.stats(view.id());
      ups.add(MultiGauge.Row.of(tags, view.state() == ReplicaState.UP ? 1 : 0));
      inflights.add(MultiGauge.Row.of(tags, stats == null ? 0 : stats.inflight()));
      held.add(MultiGauge.Row.of(tags, stats == null ? 0 : stats.cache().heldBlocks()));
      boolean out = stats != null && stats.health().state() == Health.State.OUT;
      rotations.add(MultiGauge.Row.of(tags, out ? 0 : 1));
      disputes.add(MultiGauge.Row.of(tags, knowledge.isDisputed(view.id()) ? 1 : 0));
    }
    up.register(ups, true);
    inflight.register(inflights, true);
    blocks.register(held, true);
    disputed.register(disputes, true);
    inRotation.register(rotations, true);
    routes.keepOnly(present);
    knowledge.keepOnly(present);
    return registry.scrape();
  }
}
