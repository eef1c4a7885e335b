package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import io.kvroute.router.upstream.Transport;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that disconnects frees its engine within a second, whenever and however it does. */
@ExtendWith(NoBufferLeaks.class)
final class ClientLeavesTest {

  private static final String CHAT = "/v1/chat/completions";

  /** A way to disconnect. */
  enum Way {
    CLOSES {
      @Override
      void leave(RawClient client) throws IOException {
        client.close();
      }
    },
    RESETS {
      @Override
      void leave(RawClient client) throws IOException {
        client.reset();
      }
    },
    SENDS_FIN_ONLY {
      @Override
      void leave(RawClient client) throws IOException {
        client.shutDownOutput();
      }
    };

    abstract void leave(RawClient client) throws IOException;
  }

  static Stream<Arguments> waysAndTransports() {
    return Stream.of(Transport.best(), Transport.nio())
        .distinct()
        .flatMap(transport -> Stream.of(Way.values()).map(way -> Arguments.of(way, transport)));
  }

  @ParameterizedTest
  @MethodSource("waysAndTransports")
  void beforeTheFirstToken(Way way, Transport transport) throws Exception {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream();
                  call.untilHungUp();
                });
        ProxyFixture proxy = ProxyFixture.setup().replicas(replica).transport(transport).open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      FakeReplica.Call call = callOf(replica);

      way.leave(client);

      assertFreed(proxy, call);
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndTransports")
  void inTheMiddleOfAStream(Way way, Transport transport) throws Exception {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream().chunk("data: {\"choices\":[{}]}\n\n");
                  call.untilHungUp();
                });
        ProxyFixture proxy = ProxyFixture.setup().replicas(replica).transport(transport).open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      assertThat(client.readHead().status()).isEqualTo(200);
      client.readChunk();

      way.leave(client);

      assertFreed(proxy, callOf(replica));
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndTransports")
  void whileACompleteResponseIsBeingGenerated(Way way, Transport transport) throws Exception {
    try (FakeReplica replica = new FakeReplica(FakeReplica.Call::untilHungUp);
        ProxyFixture proxy = ProxyFixture.setup().replicas(replica).transport(transport).open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      FakeReplica.Call call = callOf(replica);

      way.leave(client);

      assertFreed(proxy, call);
    }
  }

  @ParameterizedTest
  @MethodSource("waysAndTransports")
  void afterItHadAlreadySentItsNextRequest(Way way, Transport transport) throws Exception {
    try (FakeReplica replica = new FakeReplica(FakeReplica.Call::untilHungUp);
        ProxyFixture proxy = ProxyFixture.setup().replicas(replica).transport(transport).open()) {
      RawClient client = proxy.client().post(CHAT, chat()).post(CHAT, chat());
      FakeReplica.Call call = callOf(replica);

      way.leave(client);

      assertFreed(proxy, call);
    }
  }

  @Test
  void whileItsPromptIsTokenized() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (FakeReplica replica = new FakeReplica(FakeReplica.Call::untilHungUp);
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .keys(
                    (request, loop, done) -> {
                      asked.countDown();
                      return cancelled::countDown;
                    })
                .open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      asked.await();

      client.close();

      cancelled.await();
      await().until(() -> proxy.count("kvroute.requests", "code", "499") == 1);
      assertThat(proxy.router().reservations()).isEmpty();
    }
  }

  @Test
  void whileTheConnectionToItsReplicaIsBeingOpened() throws Exception {
    try (FullBacklog backlog = new FullBacklog();
        ProxyFixture proxy = ProxyFixture.setup().replica(backlog.url()).open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      await().until(() -> proxy.router().load() == 1);

      client.close();

      await().until(() -> proxy.router().load() == 0);
      assertThat(proxy.router().outcomes()).containsExactly(new Outcome.ClientLeft());
    }
  }

  @Test
  void beforeItsRequestIsComplete() throws Exception {
    try (FakeReplica replica = new FakeReplica(FakeReplica.Call::untilHungUp);
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().send(chatHead("Content-Length: 100000") + "{");
      await().until(() -> proxy.heldBodyBytes() > 0);

      client.close();

      await().until(() -> proxy.heldBodyBytes() == 0);
      assertThat(proxy.router().reservations()).isEmpty();
    }
  }

  @Test
  void andItsRequestIsNotRetried() throws Exception {
    try (FakeReplica first = new FakeReplica(FakeReplica.Call::untilHungUp);
        FakeReplica second = new FakeReplica(FakeReplica.Call::untilHungUp);
        ProxyFixture proxy = ProxyFixture.to(first, second)) {
      RawClient client = proxy.client().post(CHAT, chat());
      FakeReplica.Call call = callOf(first);

      client.close();

      assertFreed(proxy, call);
      assertThat(second.connections()).isZero();
      assertThat(proxy.count("kvroute.retries")).isZero();
    }
  }

  private static FakeReplica.Call callOf(FakeReplica replica) {
    await().until(() -> !replica.calls().isEmpty());
    return replica.calls().getFirst();
  }

  private static void assertFreed(ProxyFixture proxy, FakeReplica.Call call)
      throws InterruptedException {
    assertThat(call.hangsUp()).as("the replica is hung up on").isTrue();
    await().until(() -> proxy.router().load() == 0);
    assertThat(proxy.router().outcomes()).containsExactly(new Outcome.ClientLeft());
    assertThat(proxy.count("kvroute.requests", "code", "499")).isOne();
  }
}
