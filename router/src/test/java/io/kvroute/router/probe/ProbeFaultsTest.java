package io.kvroute.router.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.openai.Recordings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Probes go on after faults in the router and after changes in engines' answers. */
final class ProbeFaultsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ProbeSettings SETTINGS =
      new ProbeSettings(10, 10, 60_000, 3, 2, 1, 1 << 20, null);

  private final Fleet fleet = new Fleet();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final Probes probes =
      new Probes(
          fleet,
          (id, queries, hits) -> {},
          SETTINGS,
          new Guards(faults::add, () -> System.nanoTime() / 1_000_000));
  private final FakeEngine engine = new FakeEngine(0);

  ProbeFaultsTest() throws IOException {}

  @AfterEach
  void stop() {
    probes.close();
    engine.close();
  }

  private ReplicaView view(Replica replica) {
    return Objects.requireNonNull(fleet.snapshot().replica(replica.id()));
  }

  @Test
  void aFaultInAListenerOfTheFleetDoesNotEndTheProbes() {
    AtomicInteger left = new AtomicInteger(2);
    Replica replica = fleet.add(ReplicaSpec.at(engine.url()));
    fleet.listen(
        snapshot -> {
          boolean reported = !view(replica).facts().equals(EngineFacts.NONE);
          if (reported && left.getAndDecrement() > 0) {
            throw new IllegalStateException("on purpose");
          }
        });
    probes.watch(replica);
    await().atMost(TIMEOUT).until(() -> view(replica).state() == ReplicaState.UP);
    assertThat(faults).contains("probes");
  }

  @Test
  void anEngineThatNoLongerNamesItsEventSourcesHasNone() throws IOException {
    engine.answer("/kv_event_sources", 200, Recordings.named("kv_event_sources").responseText());
    Replica replica = fleet.add(ReplicaSpec.at(engine.url()));
    probes.watch(replica);
    await().atMost(TIMEOUT).until(() -> !view(replica).facts().events().isEmpty());
    engine.answer("/kv_event_sources", 404, "");
    engine.answer(
        "/metrics", 200, "process_start_time_seconds 1.9e9\nvllm:num_requests_running 0\n");
    await().atMost(TIMEOUT).until(() -> view(replica).facts().events().isEmpty());
    assertThat(view(replica).restarts()).isEqualTo(1);
  }
}
