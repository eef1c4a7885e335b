package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.learn.EventObserver;
import io.kvroute.router.learn.KvEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts one replica's KV events, and tells the log what goes wrong with them. */
public final class EventMetrics implements EventObserver {

  private static final Logger log = LoggerFactory.getLogger(EventMetrics.class);

  private final ReplicaId replica;
  private final Counter stored;
  private final Counter removed;
  private final Counter cleared;
  private final Counter malformed;
  private final Counter gaps;

  public EventMetrics(ReplicaId replica, MeterRegistry registry) {
    this.replica = replica;
    this.stored = events("stored", registry);
    this.removed = events("removed", registry);
    this.cleared = events("cleared", registry);
    this.malformed = events("malformed", registry);
    this.gaps = registry.counter("kvroute.kv.event.gaps", "replica", replica.value());
  }

  private Counter events(String type, MeterRegistry registry) {
    return registry.counter("kvroute.kv.events", "replica", replica.value(), "type", type);
  }

  @Override
  public void applied(KvEvent event) {
    switch (event) {
      case KvEvent.Stored some -> stored.increment();
      case KvEvent.Removed some -> removed.increment();
      case KvEvent.Cleared all -> cleared.increment();
    }
  }

  @Override
  public void gap() {
    gaps.increment();
    log.warn("replica {}: KV events were missed", replica);
  }

  @Override
  public void restarted() {
    log.info("replica {}: its KV events began anew; its view was emptied", replica);
  }

  @Override
  public void malformed(String problem) {
    malformed.increment();
    log.debug("replica {}: a KV event could not be read: {}", replica, problem);
  }
}
