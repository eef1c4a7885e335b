package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.events.KvEventBatch;
import io.kvroute.loadtest.events.VllmEventReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** Tests KV events over real sockets. */
@SuppressWarnings("NullAway.Init") // started before each test
class ReplicaKvEventsTest {

  private static final int PATIENCE_MILLIS = 20_000;

  /**
   * On some new connections JeroMQ 0.6.0 does not send its greeting (zeromq/jeromq pull request
   * 1022). It retries after this time, which is 30 s by default.
   */
  private static final int HANDSHAKE_MILLIS = 500;

  private final ZContext context = new ZContext();
  private SimulatedReplica replica;
  private long nextSequence;

  @BeforeEach
  void start() throws IOException {
    EngineProfile profile = EngineProfile.qwen3OnL4().withBlocks(20, 16);
    profile = profile.withCost(profile.cost().withInterTokenMillis(0.2));
    replica =
        SimulatedReplica.start(
            ReplicaOptions.of("m", profile, 7).withKvEvents(KvEventOptions.anywhere("kv@m")),
            new PlainText());
  }

  @AfterEach
  void stop() {
    replica.close();
    context.close();
  }

  @Test
  void publishesWhatTheEngineStoresAndRemoves() throws IOException {
    ZMQ.Socket subscriber = subscribe();
    complete("a".repeat(200));
    complete("b".repeat(200));

    EngineKvEvent.BlockStored first = null;
    List<EngineKvEvent> events = new ArrayList<>();
    while (first == null || !isRemoved(first, events)) {
      ZMsg message = receive(subscriber);
      assertThat(message).hasSize(3);
      assertThat(message.pop().getString(StandardCharsets.UTF_8)).isEqualTo("kv@m");
      assertThat(ByteBuffer.wrap(message.pop().getData()).getLong()).isEqualTo(nextSequence++);
      for (EngineKvEvent event : VllmEventReader.read(message.pop().getData()).events()) {
        events.add(event);
        if (first == null && event instanceof EngineKvEvent.BlockStored stored) {
          first = stored;
        }
      }
    }
    assertThat(first.hashes()).hasSize(12);
    assertThat(first.tokens()).hasSize(192).containsOnly('a');
    assertThat(first.parentHash()).isNull();
  }

  private static boolean isRemoved(EngineKvEvent.BlockStored stored, List<EngineKvEvent> events) {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof EngineKvEvent.BlockRemoved removed
                    && Arrays.stream(stored.hashes()).anyMatch(hash -> hash == removed.hash()));
  }

  @Test
  void sendsThemAgainFromWhereItIsAsked() throws IOException {
    ZMQ.Socket subscriber = subscribe();
    complete("a".repeat(64));
    complete("b".repeat(64));
    receive(subscriber);
    byte[] second = receive(subscriber).getLast().getData();

    ZMQ.Socket client = context.createSocket(SocketType.DEALER);
    client.setHandshakeIvl(HANDSHAKE_MILLIS);
    client.setReceiveTimeOut(PATIENCE_MILLIS);
    client.connect(Objects.requireNonNull(replica.kvReplayEndpoint()));
    client.sendMore(new byte[0]);
    client.send(ByteBuffer.allocate(8).putLong(nextSequence + 1).array());

    ZMsg batch = receive(client);
    assertThat(batch).hasSize(4);
    assertThat(batch.pop().getData()).isEmpty();
    assertThat(batch.pop().getString(StandardCharsets.UTF_8)).isEqualTo("kv@m");
    assertThat(ByteBuffer.wrap(batch.pop().getData()).getLong()).isEqualTo(nextSequence + 1);
    assertThat(batch.pop().getData()).isEqualTo(second);
    ZMsg end = receive(client);
    assertThat(end).extracting(frame -> frame.getData().length).containsExactly(0, 0, 8, 0);
    assertThat(ByteBuffer.wrap(end.toArray(new ZFrame[0])[2].getData()).getLong()).isEqualTo(-1);
  }

  @Test
  void tellsWhereItsEventsAre() throws IOException {
    assertThat(RawHttp.get(replica.port(), "/kv_event_sources").body())
        .contains("\"publisher\":\"zmq\"", "\"topic\":\"kv@m\"", replica.kvEventsEndpoint());
  }

  @Test
  void tellsThatItsCacheWasResetWithTheNextStep() throws IOException {
    ZMQ.Socket subscriber = subscribe();
    complete("a".repeat(64));
    receive(subscriber);
    assertThat(RawHttp.post(replica.port(), "/reset_prefix_cache", "{}").body())
        .isEqualTo("{\"success\":true}");
    complete("a".repeat(64));

    KvEventBatch batch = VllmEventReader.read(receive(subscriber).getLast().getData());
    assertThat(batch.events().getFirst()).isEqualTo(new EngineKvEvent.AllBlocksCleared());
    assertThat(batch.events().get(1)).isInstanceOf(EngineKvEvent.BlockStored.class);
  }

  /** A subscription that is active, which is known because messages have arrived. */
  private ZMQ.Socket subscribe() throws IOException {
    ZMQ.Socket subscriber = context.createSocket(SocketType.SUB);
    subscriber.setHandshakeIvl(HANDSHAKE_MILLIS);
    subscriber.subscribe("kv@");
    subscriber.connect(Objects.requireNonNull(replica.kvEventsEndpoint()));
    subscriber.setReceiveTimeOut(100);
    ZMsg message = null;
    while (message == null) {
      complete("%016d".formatted(nextSequence++));
      message = ZMsg.recvMsg(subscriber);
    }
    subscriber.setReceiveTimeOut(PATIENCE_MILLIS);
    while (sequence(message) < nextSequence - 1) {
      message = receive(subscriber);
    }
    return subscriber;
  }

  private static long sequence(ZMsg message) {
    return ByteBuffer.wrap(message.toArray(new ZFrame[0])[1].getData()).getLong();
  }

  private static ZMsg receive(ZMQ.Socket socket) {
    return Objects.requireNonNull(ZMsg.recvMsg(socket), "nothing came in time");
  }

  private void complete(String prompt) throws IOException {
    String body = "{\"prompt\":\"%s\",\"max_tokens\":1}".formatted(prompt);
    assertThat(RawHttp.post(replica.port(), "/v1/completions", body).status()).isEqualTo(200);
  }
}
