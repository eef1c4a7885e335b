package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.TestGuards;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A listener with real ZMQ sockets, and the messages that a vLLM 0.32 published. */
final class EventListenerFixture implements AutoCloseable {

  static final ReplicaId REPLICA = new ReplicaId("r1");

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  final StreamFixture stream = new StreamFixture();
  final ZContext engine = new ZContext();
  final EventListener listener = new EventListener(System::nanoTime, TestGuards.UNCOUNTED);
  final List<Recordings.Published> recorded = Recordings.published("sequence-kv-events");

  /** A replica with one rank. */
  static EventSource source(ReplicaId replica, String live, @Nullable String replay) {
    return new EventSource(replica, List.of(new EventEndpoint(0, live, replay)));
  }

  /** Subscribes to {@link #REPLICA}. */
  void subscribe(String live, @Nullable String replay) {
    listener.subscribe(source(REPLICA, live, replay), stream, stream);
  }

  ZMQ.Socket publisher() {
    return engine.createSocket(SocketType.PUB);
  }

  /** Binds a publisher to a free port; returns its endpoint. */
  static String bind(ZMQ.Socket publisher) {
    return "tcp://127.0.0.1:" + publisher.bindToRandomPort("tcp://127.0.0.1");
  }

  static void publish(ZMQ.Socket publisher, Recordings.Published message) {
    publisher.sendMore("kv@engine");
    publisher.sendMore(ByteBuffer.allocate(8).putLong(message.number()).array());
    publisher.send(message.payload());
  }

  /** Sends an unreadable message until one arrives, so that nothing sent later is lost. */
  void awaitConnected(ZMQ.Socket publisher) {
    await()
        .pollInSameThread()
        .until(
            () -> {
              publisher.send("not a batch");
              return stream.malformed.get() > 0;
            });
  }

  /** Waits until the batch with this number was applied. */
  void awaitLast(long number) {
    await()
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              EventStatus status = listener.status(REPLICA);
              return status != null && status.lastNumber() == number;
            });
  }

  /** Waits until all recorded messages were applied, and checks the view. */
  void awaitAllRecorded() {
    awaitLast(recorded.getLast().number());
    assertViewEqualsTheNaiveOne();
  }

  void assertViewEqualsTheNaiveOne() {
    NaiveView naive = new NaiveView();
    recorded.forEach(message -> message.batch().events().forEach(naive::apply));
    for (Recordings.Exchange exchange : Recordings.sequence()) {
      assertThat(stream.matchedBlocks(exchange.all()))
          .isEqualTo(naive.leadingBlocks(exchange.all(), StreamFixture.BLOCK_SIZE));
    }
  }

  @Override
  public void close() {
    listener.close();
    engine.close();
  }
}
