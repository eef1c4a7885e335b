package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.testing.NoBufferLeaks;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client that reads more slowly than an engine writes slows the engine down and costs no memory.
 */
@ExtendWith(NoBufferLeaks.class)
final class SlowReaderTest {

  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int CHUNKS = 1024;
  private static final long ALL_BYTES = (long) CHUNK_BYTES * CHUNKS;

  /** What sockets on the way may buffer, plus the router's two watermarks. */
  private static final long ON_THE_WAY_BYTES = 24L << 20;

  @Test
  void theEngineIsSlowedToTheClientsSpeedAndNothingIsLost() throws Exception {
    AtomicLong written = new AtomicLong();
    String chunk = "x".repeat(CHUNK_BYTES);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream();
                  for (int i = 0; i < CHUNKS; i++) {
                    call.chunk(chunk);
                    written.addAndGet(CHUNK_BYTES);
                  }
                  call.endOfChunks();
                });
        ProxyFixture proxy = ProxyFixture.to(replica);
        RawClient client = new RawClient(proxy.port().address(), 16 * 1024)) {
      client.post("/v1/chat/completions", chat());

      long stalledAt = stalled(written);
      assertThat(stalledAt).isLessThan(ON_THE_WAY_BYTES);
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
          .isLessThan(ON_THE_WAY_BYTES);

      RawClient.Answer answer = client.read();
      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).hasSize((int) ALL_BYTES).matches("x*");
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aClientThatLeavesWhileItsResponseIsPausedFreesTheEngine() throws Exception {
    AtomicLong written = new AtomicLong();
    String chunk = "x".repeat(CHUNK_BYTES);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream();
                  while (true) {
                    call.chunk(chunk);
                    written.addAndGet(CHUNK_BYTES);
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(replica);
        RawClient client = new RawClient(proxy.port().address(), 16 * 1024)) {
      client.post("/v1/chat/completions", chat());
      stalled(written);

      client.reset();

      await().until(() -> replica.openConnections() == 0);
      await().until(() -> proxy.router().load() == 0);
    }
  }

  /** Waits until the count stays the same for a while and returns it. */
  private static long stalled(AtomicLong written) {
    await()
        .atMost(Duration.ofSeconds(30))
        .during(Duration.ofMillis(300))
        .until(new Standstill(written));
    return written.get();
  }

  private static final class Standstill implements Callable<Boolean> {
    private final AtomicLong count;
    private long last = -1;

    Standstill(AtomicLong count) {
      this.count = count;
    }

    @Override
    public Boolean call() {
      long now = count.get();
      boolean still = now > 0 && now == last;
      last = now;
      return still;
    }
  }
}
