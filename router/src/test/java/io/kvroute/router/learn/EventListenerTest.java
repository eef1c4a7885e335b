package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.TestGuards;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Real ZMQ sockets, and the very bytes a vLLM 0.32 published. */
final class EventListenerTest {

  private static final ReplicaId REPLICA = new ReplicaId("r1");

  private final StreamFixture fixture = new StreamFixture();
  private final ZContext engine = new ZContext();
  private final EventListener listener = new EventListener(System::nanoTime, TestGuards.UNCOUNTED);
  private final List<Recordings.Published> recorded = Recordings.published("sequence-kv-events");

  @AfterEach
  void close() {
    listener.close();
    engine.close();
  }

  private static void publish(ZMQ.Socket pub, Recordings.Published message) {
    pub.sendMore("kv@engine");
    pub.sendMore(ByteBuffer.allocate(8).putLong(message.number()).array());
    pub.send(message.payload());
  }

  /** Sends an unreadable message until it is heard, so that nothing after it is lost. */
  private void awaitJoined(ZMQ.Socket pub) {
    await()
        .pollInSameThread()
        .until(
            () -> {
              pub.send("not a batch");
              return fixture.malformed.get() > 0;
            });
  }

  private void awaitLast(long number) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              EventStatus status = listener.status(REPLICA);
              return status != null && status.lastNumber() == number;
            });
  }

  private void assertTheViewIsTheNaiveModels() {
    NaiveView naive = new NaiveView();
    recorded.forEach(message -> message.batch().events().forEach(naive::apply));
    for (Recordings.Exchange exchange : Recordings.sequence()) {
      assertThat(fixture.matchedBlocks(exchange.all()))
          .isEqualTo(naive.leadingBlocks(exchange.all(), StreamFixture.BLOCK_SIZE));
    }
  }

  @Test
  void hearsAnEngineThatBinds() {
    assertTheRecordedRunIsHeard();
  }

  private void assertTheRecordedRunIsHeard() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(new EventSource(REPLICA, "tcp://127.0.0.1:" + port, null), fixture, fixture);
    awaitJoined(pub);
    recorded.forEach(message -> publish(pub, message));
    awaitLast(recorded.getLast().number());
    assertTheViewIsTheNaiveModels();
  }

  @Test
  void hearsAnEngineThatDials() throws IOException {
    int port = freePort();
    listener.subscribe(new EventSource(REPLICA, "tcp://*:" + port, null), fixture, fixture);
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    pub.setHandshakeIvl(1_000);
    pub.connect("tcp://127.0.0.1:" + port);
    awaitJoined(pub);
    recorded.forEach(message -> publish(pub, message));
    awaitLast(recorded.getLast().number());
    assertTheViewIsTheNaiveModels();
  }

  @Test
  void aPortThatIsTakenIsToldAndOthersAreHeardOn() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      listener.subscribe(
          new EventSource(new ReplicaId("r2"), "tcp://*:" + taken.getLocalPort(), null),
          fixture,
          fixture);
      await().until(() -> fixture.unheard.get() == 1);
    }
    assertTheRecordedRunIsHeard();
  }

  @Test
  void hearsEveryRankAndBelievesWhatAnyOfThemHolds() {
    ZMQ.Socket one = engine.createSocket(SocketType.PUB);
    ZMQ.Socket other = engine.createSocket(SocketType.PUB);
    String first = "tcp://127.0.0.1:" + one.bindToRandomPort("tcp://127.0.0.1");
    String second = "tcp://127.0.0.1:" + other.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(
        new EventSource(
            REPLICA,
            List.of(new EventEndpoint(0, first, null), new EventEndpoint(1, second, null))),
        fixture,
        fixture);
    awaitJoined(one);
    fixture.malformed.set(0);
    awaitJoined(other);
    recorded.subList(0, 50).forEach(message -> publish(one, message));
    recorded.forEach(message -> publish(other, message));
    awaitLast(recorded.getLast().number());
    publish(one, recorded.get(100)); // a gap: what rank 0 told is forgotten
    await().until(() -> fixture.gaps.get() == 1);
    assertTheViewIsTheNaiveModels();
    assertThat(listener.status(REPLICA))
        .isEqualTo(new EventStatus(EventStatus.State.PARTIAL, recorded.getLast().number(), 1));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void predictsEveryRequestOfARealRunExactlyFromWhatWasPublishedBeforeIt() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(new EventSource(REPLICA, "tcp://127.0.0.1:" + port, null), fixture, fixture);
    awaitJoined(pub);
    for (Recordings.Step step : Recordings.steps()) {
      assertPredicted(step.exchange());
      for (Recordings.Published message : step.published()) {
        publish(pub, message);
        awaitLast(message.number());
      }
    }
    assertThat(fixture.gaps).hasValue(0);
  }

  /** Only the last batch of each request is published, so that most have to be asked for. */
  @Test
  void predictsEveryRequestOfARealRunExactlyFromReplays() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    List<Recordings.Published> kept = new CopyOnWriteArrayList<>();
    try (ReplaySocket replay = new ReplaySocket(engine, kept)) {
      listener.subscribe(
          new EventSource(REPLICA, "tcp://127.0.0.1:" + port, replay.endpoint()), fixture, fixture);
      awaitJoined(pub);
      for (Recordings.Step step : Recordings.steps()) {
        assertPredicted(step.exchange());
        kept.addAll(step.published());
        if (!step.published().isEmpty()) {
          publish(pub, kept.getLast());
          awaitLast(kept.getLast().number());
        }
      }
      assertThat(fixture.gaps).hasValueGreaterThan(100);
    }
  }

  private void assertPredicted(Recordings.Exchange exchange) {
    assertThat(fixture.matchedBlocks(exchange.prompt()) * StreamFixture.BLOCK_SIZE)
        .isEqualTo(exchange.cachedTokens());
  }

  @Test
  void catchesUpThroughTheReplaySocketWithBothShapesOfReply() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    List<Recordings.Published> kept = new CopyOnWriteArrayList<>();
    try (ReplaySocket replay = new ReplaySocket(engine, kept)) {
      listener.subscribe(
          new EventSource(REPLICA, "tcp://127.0.0.1:" + port, replay.endpoint()), fixture, fixture);
      awaitJoined(pub);
      publish(pub, recorded.get(0));
      awaitLast(0);
      kept.addAll(recorded);
      publish(pub, recorded.getLast());
      awaitLast(recorded.getLast().number());
      assertTheViewIsTheNaiveModels();
      assertThat(fixture.gaps).hasValue(1);
    }
  }

  @Test
  void asksWhatWasToldBeforeItJoinedWithoutWaitingForMore() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    try (ReplaySocket replay = new ReplaySocket(engine, recorded)) {
      listener.subscribe(
          new EventSource(REPLICA, "tcp://127.0.0.1:" + port, replay.endpoint()), fixture, fixture);
      awaitLast(recorded.getLast().number());
      assertTheViewIsTheNaiveModels();
      assertThat(fixture.gaps).hasValue(0);
    }
  }

  @Test
  void aSubscriptionThatEndsLeavesNothingBehind() {
    try (ReplaySocket replay = new ReplaySocket(engine, recorded)) {
      listener.subscribe(
          new EventSource(REPLICA, "tcp://127.0.0.1:1", replay.endpoint()), fixture, fixture);
      awaitLast(recorded.getLast().number());
      listener.unsubscribe(REPLICA);
      await().until(() -> fixture.blocks() == 0);
      assertThat(listener.status(REPLICA)).isNull();
    }
  }

  @Test
  void aReplaySocketThatIsNotThereEndsInAnEmptierViewAndNotInAWrongOne() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(
        new EventSource(REPLICA, "tcp://127.0.0.1:" + port, "tcp://127.0.0.1:1"), fixture, fixture);
    awaitJoined(pub);
    publish(pub, recorded.get(0));
    publish(pub, recorded.getLast());
    awaitLast(recorded.getLast().number());
    assertThat(listener.status(REPLICA))
        .isEqualTo(new EventStatus(EventStatus.State.PARTIAL, 455, 1));
    assertThat(fixture.matchedBlocks(Recordings.sequence().getFirst().all())).isZero();
  }

  @Test
  void unreadableMessagesArePassedOver() {
    ZMQ.Socket pub = engine.createSocket(SocketType.PUB);
    int port = pub.bindToRandomPort("tcp://127.0.0.1");
    listener.subscribe(new EventSource(REPLICA, "tcp://127.0.0.1:" + port, null), fixture, fixture);
    awaitJoined(pub);
    for (Recordings.Published message : recorded) {
      pub.sendMore("topic");
      pub.send("garbage");
      publish(pub, message);
    }
    awaitLast(recorded.getLast().number());
    assertTheViewIsTheNaiveModels();
  }
}
