package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.learn.EventObserver;
import io.kvroute.router.learn.KvEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts one replica's KV events and logs problems with them. Thread-safe. */
public final class EventMetrics implements EventObserver {

  private static final Logger log = LoggerFactory.getLogger(EventMetrics.class);

  private final ReplicaId replica;
  private final MeterRegistry registry;
  private final Counter stored;
  private final Counter removed;
  private final Counter updated;
  private final Counter cleared;
  private final Counter malformed;
  private final Counter gaps;
  private final Counter restarts;

  public EventMetrics(ReplicaId replica, MeterRegistry registry) {
    this.replica = replica;
    this.registry = registry;
    this.stored = events("stored");
    this.removed = events("removed");
    this.updated = events("updated");
    this.cleared = events("cleared");
    this.malformed = events("malformed");
    this.gaps = registry.counter("kvroute.kv.event.gaps", "replica", replica.value());
    this.restarts = registry.counter("kvroute.kv.event.restarts", "replica", replica.value());
  }

  private Counter events(String type) {
    return registry.counter("kvroute.kv.events", "replica", replica.value(), "type", type);
  }

  /** Removes the meters. */
  @Override
  public void close() {
    List.of(stored, removed, updated, cleared, malformed, gaps, restarts).forEach(registry::remove);
  }

  @Override
  public void applied(KvEvent event) {
    switch (event) {
      case KvEvent.Stored some -> stored.increment();
      case KvEvent.Removed some -> removed.increment();
      case KvEvent.Moved one -> updated.increment();
      case KvEvent.Cleared all -> cleared.increment();
    }
  }

  @Override
  public void gap() {
    gaps.increment();
    log.warn(
        "replica {}: KV events were lost on the way; requests a replay of them, and without one knows only blocks stored from now on",
        replica);
  }

  @Override
  public void restarted() {
    restarts.increment();
    log.info(
        "replica {}: its KV events come from a restarted engine; removed the blocks known from the old one",
        replica);
  }

  @Override
  public void unreachable(String problem) {
    log.warn(
        "replica {}: its KV events cannot be received: {}; its cache is predicted meanwhile",
        replica,
        problem);
  }

  @Override
  public void malformed(String problem) {
    malformed.increment();
    log.debug("replica {}: cannot read a KV event: {}", replica, problem);
  }
}
