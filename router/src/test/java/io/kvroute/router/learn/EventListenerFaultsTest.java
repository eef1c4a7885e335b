package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.index.IndexWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * What is wrong with one replica's events, its view or its addresses, is that replica's trouble
 * alone, and not for good.
 */
final class EventListenerFaultsTest {

  private static final ReplicaId REPLICA = new ReplicaId("r1");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NOWHERE = "tcp://127.0.0.1:1";

  private final StreamFixture fixture = new StreamFixture();
  private final ZContext engine = new ZContext();
  private final EventListener listener = new EventListener(System::nanoTime, Guards.UNCOUNTED);
  private final List<Recordings.Published> recorded = Recordings.published("sequence-kv-events");

  @AfterEach
  void close() {
    listener.close();
    engine.close();
  }

  /** Waits until all that was recorded is known of the replica that {@link #fixture} stands for. */
  private void awaitAllHeard() {
    NaiveView naive = new NaiveView();
    recorded.forEach(message -> message.batch().events().forEach(naive::apply));
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              EventStatus status = listener.status(REPLICA);
              return status != null && status.lastNumber() == recorded.getLast().number();
            });
    for (Recordings.Exchange exchange : Recordings.sequence()) {
      assertThat(fixture.matchedBlocks(exchange.all()))
          .isEqualTo(naive.leadingBlocks(exchange.all(), StreamFixture.BLOCK_SIZE));
    }
  }

  private void assertAnotherIsHeard() {
    try (ReplaySocket replay = new ReplaySocket(engine, recorded)) {
      listener.subscribe(new EventSource(REPLICA, NOWHERE, replay.endpoint()), fixture, fixture);
      awaitAllHeard();
    }
  }

  /** A view that fails as long as it is told to. */
  private static final class Failing implements EventTarget {
    private final StreamFixture fixture = new StreamFixture();
    private final AtomicBoolean fails = new AtomicBoolean(true);
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public IndexWriter holder(int blockSize) {
      if (fails.get()) {
        failures.incrementAndGet();
        throw new IllegalStateException("on purpose");
      }
      return fixture.holder(blockSize);
    }

    @Override
    public long root(@Nullable String lora, @Nullable String cacheSalt) {
      return fixture.root(lora, cacheSalt);
    }

    @Override
    public void forget() {
      fixture.forget();
    }
  }

  @Test
  void aFaultInOneReplicasEventsEndsNeitherTheOthersNorItsOwnForGood() {
    Failing failing = new Failing();
    try (ReplaySocket replay = new ReplaySocket(engine, recorded)) {
      listener.subscribe(
          new EventSource(new ReplicaId("r2"), NOWHERE, replay.endpoint()),
          failing,
          failing.fixture);
      await().until(() -> failing.failures.get() > 0);
      assertAnotherIsHeard();
      failing.fails.set(false);
      await().atMost(PATIENCE).until(() -> failing.fixture.blocks() > 0);
    }
  }

  @Test
  void aReplayPortThatIsNoneCostsOnlyTheReplay() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(
        new EventSource(REPLICA, "tcp://127.0.0.1:" + port, "tcp://127.0.0.1:70000"),
        fixture,
        fixture);
    await()
        .pollInSameThread()
        .until(
            () -> {
              pub.send("not a batch");
              return fixture.malformed.get() > 0;
            });
    recorded.forEach(message -> publish(pub, message));
    awaitAllHeard();
    assertThat(fixture.unheard).hasPositiveValue();
  }

  @Test
  void aNameThatNobodyKnowsIsToldOnceAndKeepsNobodyWaiting() {
    StreamFixture other = new StreamFixture();
    listener.subscribe(
        new EventSource(new ReplicaId("r2"), "tcp://no-such-host.invalid:5557", null),
        other,
        other);
    assertAnotherIsHeard();
    await().atMost(PATIENCE).until(() -> other.unheard.get() == 1);
  }

  @Test
  void namesAreHeardByTheirAddresses() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    try (ReplaySocket replay = new ReplaySocket(engine, recorded)) {
      String replayAt = replay.endpoint().replace("127.0.0.1", "localhost");
      listener.subscribe(
          new EventSource(REPLICA, "tcp://localhost:" + port, replayAt), fixture, fixture);
      awaitAllHeard();
    }
  }

  @Test
  void asksForReplaysOverIpv6() {
    try (ReplaySocket replay = new ReplaySocket(engine, recorded, "[::1]")) {
      listener.subscribe(
          new EventSource(REPLICA, "tcp://[::1]:1", replay.endpoint()), fixture, fixture);
      awaitAllHeard();
    }
  }

  @Test
  void aReplicaThatLeavesKeepsNoOtherFromBeingHeard() {
    ReplicaId leaves = new ReplicaId("r0");
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    String live = "tcp://127.0.0.1:" + pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(new EventSource(leaves, NOWHERE, null), fixture, fixture);
    listener.subscribe(new EventSource(REPLICA, live, null), fixture, fixture);
    await().atMost(PATIENCE).until(() -> listener.status(REPLICA) != null);

    listener.unsubscribe(leaves);
    await().atMost(PATIENCE).until(() -> listener.status(leaves) == null);
    await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(
            () -> {
              publish(pub, recorded.getFirst());
              return fixture.applied.get() > 0;
            });
  }

  private static void publish(ZMQ.Socket pub, Recordings.Published message) {
    pub.sendMore("kv@engine");
    pub.sendMore(ByteBuffer.allocate(8).putLong(message.number()).array());
    pub.send(message.payload());
  }
}
