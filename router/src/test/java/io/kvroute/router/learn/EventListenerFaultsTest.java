package io.kvroute.router.learn;

import static io.kvroute.router.learn.EventListenerFixture.REPLICA;
import static io.kvroute.router.learn.EventListenerFixture.bind;
import static io.kvroute.router.learn.EventListenerFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.IndexWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.ZMQ;

/**
 * Faults in one replica's events, view or addresses affect only that replica, and only while they
 * last.
 */
final class EventListenerFaultsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String NOWHERE = "tcp://127.0.0.1:1";

  private final EventListenerFixture fixture = new EventListenerFixture();
  private final StreamFixture stream = fixture.stream;
  private final List<Recordings.Published> recorded = fixture.recorded;

  @AfterEach
  void close() {
    fixture.close();
  }

  private void assertAnotherReplicaIsReceived() {
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded)) {
      fixture.subscribe(NOWHERE, replay.endpoint());
      fixture.awaitAllRecorded();
    }
  }

  /** A target that fails while {@link #fails} is set. */
  private static final class Failing implements EventTarget {
    private final StreamFixture view = new StreamFixture();
    private final AtomicBoolean fails = new AtomicBoolean(true);
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public IndexWriter writer(int blockSize) {
      if (fails.get()) {
        failures.incrementAndGet();
        throw new IllegalStateException("on purpose");
      }
      return view.writer(blockSize);
    }

    @Override
    public long root(@Nullable String lora, @Nullable String cacheSalt) {
      return view.root(lora, cacheSalt);
    }

    @Override
    public void forget() {
      view.forget();
    }
  }

  @Test
  void aFaultInOneReplicasEventsStopsNoOtherAndIsNotFinal() {
    Failing failing = new Failing();
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded)) {
      fixture.listener.subscribe(
          EventListenerFixture.source(new ReplicaId("r2"), NOWHERE, replay.endpoint()),
          failing,
          failing.view);
      await().until(() -> failing.failures.get() > 0);
      assertAnotherReplicaIsReceived();
      failing.fails.set(false);
      await().atMost(TIMEOUT).until(() -> failing.view.blocks() > 0);
    }
  }

  @Test
  void anInvalidReplayPortCostsOnlyTheReplay() {
    ZMQ.Socket pub = fixture.publisher();
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    fixture.subscribe("tcp://127.0.0.1:" + port, "tcp://127.0.0.1:70000");
    fixture.awaitConnected(pub);
    recorded.forEach(message -> publish(pub, message));
    fixture.awaitAllRecorded();
    assertThat(stream.unreachable).hasPositiveValue();
  }

  @Test
  void anUnknownHostIsReportedOnceAndDelaysNoOther() {
    StreamFixture other = new StreamFixture();
    fixture.listener.subscribe(
        EventListenerFixture.source(new ReplicaId("r2"), "tcp://no-such-host.invalid:5557", null),
        other,
        other);
    assertAnotherReplicaIsReceived();
    await().atMost(TIMEOUT).until(() -> other.unreachable.get() == 1);
  }

  @Test
  void resolvesHostNames() {
    ZMQ.Socket pub = fixture.publisher();
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded)) {
      String replayAt = replay.endpoint().replace("127.0.0.1", "localhost");
      fixture.subscribe("tcp://localhost:" + port, replayAt);
      fixture.awaitAllRecorded();
    }
  }

  @Test
  void requestsReplaysOverIpv6() {
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded, "[::1]")) {
      fixture.subscribe("tcp://[::1]:1", replay.endpoint());
      fixture.awaitAllRecorded();
    }
  }

  @Test
  void aReplicaThatLeavesStopsNoOther() {
    ReplicaId leaves = new ReplicaId("r0");
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    fixture.listener.subscribe(EventListenerFixture.source(leaves, NOWHERE, null), stream, stream);
    fixture.subscribe(live, null);
    await().atMost(TIMEOUT).until(() -> fixture.listener.status(REPLICA) != null);

    fixture.listener.unsubscribe(leaves);
    await().atMost(TIMEOUT).until(() -> fixture.listener.status(leaves) == null);
    await()
        .atMost(TIMEOUT)
        .pollInSameThread()
        .until(
            () -> {
              publish(pub, recorded.getFirst());
              return stream.applied.get() > 0;
            });
  }
}
