package io.kvroute.router.learn;

import static io.kvroute.router.learn.EventListenerFixture.REPLICA;
import static io.kvroute.router.learn.EventListenerFixture.bind;
import static io.kvroute.router.learn.EventListenerFixture.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaId;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.ZMQ;

/** Real ZMQ sockets and the bytes that a vLLM 0.32 published. */
final class EventListenerTest {

  private final EventListenerFixture fixture = new EventListenerFixture();
  private final StreamFixture stream = fixture.stream;
  private final List<Recordings.Published> recorded = fixture.recorded;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void appliesTheEventsOfAnEngineThatBinds() {
    assertTheRecordedEventsAreApplied();
  }

  private void assertTheRecordedEventsAreApplied() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    fixture.subscribe(live, null);
    fixture.awaitConnected(pub);
    recorded.forEach(message -> publish(pub, message));
    fixture.awaitAllRecorded();
  }

  @Test
  void appliesTheEventsOfAnEngineThatDials() throws IOException {
    int port = freePort();
    fixture.subscribe("tcp://*:" + port, null);
    ZMQ.Socket pub = fixture.publisher();
    pub.setHandshakeIvl(1_000);
    pub.connect("tcp://127.0.0.1:" + port);
    fixture.awaitConnected(pub);
    recorded.forEach(message -> publish(pub, message));
    fixture.awaitAllRecorded();
  }

  @Test
  void aPortInUseIsReportedAndOthersAreStillReceived() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      fixture.listener.subscribe(
          EventListenerFixture.source(new ReplicaId("r2"), "tcp://*:" + taken.getLocalPort(), null),
          stream,
          stream);
      await().until(() -> stream.unreachable.get() == 1);
    }
    assertTheRecordedEventsAreApplied();
  }

  @Test
  void aBlockCountsWhileAnyRankHoldsIt() {
    ZMQ.Socket one = fixture.publisher();
    ZMQ.Socket other = fixture.publisher();
    String first = bind(one);
    String second = bind(other);
    fixture.listener.subscribe(
        new EventSource(
            REPLICA,
            List.of(new EventEndpoint(0, first, null), new EventEndpoint(1, second, null))),
        stream,
        stream);
    fixture.awaitConnected(one);
    stream.malformed.set(0);
    fixture.awaitConnected(other);
    recorded.subList(0, 50).forEach(message -> publish(one, message));
    recorded.forEach(message -> publish(other, message));
    fixture.awaitLast(recorded.getLast().number());
    publish(one, recorded.get(100)); // a gap: the blocks of rank 0 are removed
    await().until(() -> stream.gaps.get() == 1);
    fixture.assertViewEqualsTheNaiveOne();
    assertThat(fixture.listener.status(REPLICA))
        .isEqualTo(new EventStatus(EventStatus.State.PARTIAL, recorded.getLast().number(), 1));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void predictsEveryRequestOfARealRunExactlyFromTheEventsBeforeIt() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    fixture.subscribe(live, null);
    fixture.awaitConnected(pub);
    for (Recordings.Step step : Recordings.steps()) {
      assertPredicted(step.exchange());
      for (Recordings.Published message : step.published()) {
        publish(pub, message);
        fixture.awaitLast(message.number());
      }
    }
    assertThat(stream.gaps).hasValue(0);
  }

  /** Only the last batch of each request is published, so that most must be requested. */
  @Test
  void predictsEveryRequestOfARealRunExactlyFromReplays() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    List<Recordings.Published> kept = new CopyOnWriteArrayList<>();
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, kept)) {
      fixture.subscribe(live, replay.endpoint());
      fixture.awaitConnected(pub);
      for (Recordings.Step step : Recordings.steps()) {
        assertPredicted(step.exchange());
        kept.addAll(step.published());
        if (!step.published().isEmpty()) {
          publish(pub, kept.getLast());
          fixture.awaitLast(kept.getLast().number());
        }
      }
      assertThat(stream.gaps).hasValueGreaterThan(100);
    }
  }

  private void assertPredicted(Recordings.Exchange exchange) {
    assertThat(stream.matchedBlocks(exchange.prompt()) * StreamFixture.BLOCK_SIZE)
        .isEqualTo(exchange.cachedTokens());
  }

  @Test
  void catchesUpThroughTheReplaySocketWithBothShapesOfReply() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    List<Recordings.Published> kept = new CopyOnWriteArrayList<>();
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, kept)) {
      fixture.subscribe(live, replay.endpoint());
      fixture.awaitConnected(pub);
      publish(pub, recorded.get(0));
      fixture.awaitLast(0);
      kept.addAll(recorded);
      publish(pub, recorded.getLast());
      fixture.awaitAllRecorded();
      assertThat(stream.gaps).hasValue(1);
    }
  }

  @Test
  void requestsEarlierBatchesWithoutWaitingForANewOne() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded)) {
      fixture.subscribe(live, replay.endpoint());
      fixture.awaitAllRecorded();
      assertThat(stream.gaps).hasValue(0);
    }
  }

  @Test
  void aSubscriptionThatEndsLeavesNothingBehind() {
    try (ReplaySocket replay = new ReplaySocket(fixture.engine, recorded)) {
      fixture.subscribe("tcp://127.0.0.1:1", replay.endpoint());
      fixture.awaitLast(recorded.getLast().number());
      fixture.listener.unsubscribe(REPLICA);
      await().until(() -> stream.blocks() == 0);
      assertThat(fixture.listener.status(REPLICA)).isNull();
    }
  }

  @Test
  void aMissingReplaySocketLeadsToAPartialViewNotAWrongOne() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    fixture.subscribe(live, "tcp://127.0.0.1:1");
    fixture.awaitConnected(pub);
    publish(pub, recorded.get(0));
    publish(pub, recorded.getLast());
    fixture.awaitLast(recorded.getLast().number());
    assertThat(fixture.listener.status(REPLICA))
        .isEqualTo(new EventStatus(EventStatus.State.PARTIAL, 455, 1));
    assertThat(stream.matchedBlocks(Recordings.sequence().getFirst().all())).isZero();
  }

  @Test
  void unreadableMessagesAreSkipped() {
    ZMQ.Socket pub = fixture.publisher();
    String live = bind(pub);
    fixture.subscribe(live, null);
    fixture.awaitConnected(pub);
    for (Recordings.Published message : recorded) {
      pub.sendMore("topic");
      pub.send("garbage");
      publish(pub, message);
    }
    fixture.awaitAllRecorded();
  }
}
