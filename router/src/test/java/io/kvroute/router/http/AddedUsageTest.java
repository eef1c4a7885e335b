package io.kvroute.router.http;

import static io.kvroute.router.http.ProxyFixture.MODEL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.openai.Recordings;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code learn.usage: inject}: the router asks the engine for usage that the client never receives.
 */
@ExtendWith(NoBufferLeaks.class)
final class AddedUsageTest {

  private static final String STREAM = Recordings.named("chat turn 2 stream").responseText();

  private static FakeReplica replica() throws IOException {
    return new FakeReplica(
        call -> {
          call.write(FakeReplica.STREAM_HEAD);
          for (String event : STREAM.split("(?<=\n\n)", -1)) {
            if (!event.isEmpty()) {
              call.write(
                  "%x\r\n%s\r\n".formatted(event.getBytes(UTF_8).length, event).getBytes(UTF_8));
            }
          }
          call.endOfChunks();
        });
  }

  private static ProxyFixture proxy(FakeReplica replica) {
    return ProxyFixture.setup()
        .replicas(replica)
        .options(ProxyFixture.OptionsBuilder::withAddedUsage)
        .open();
  }

  private static String request(String more) {
    return "{\"model\":\"%s\",\"messages\":[],\"stream\":true%s}".formatted(MODEL, more);
  }

  @Test
  void aClientThatDidNotAskForUsageReceivesNoneButTheRouterReadsIt() throws IOException {
    try (FakeReplica replica = replica();
        ProxyFixture proxy = proxy(replica)) {
      RawClient.Answer answer = proxy.client().post("/v1/chat/completions", request("")).read();

      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
      assertThat(STREAM).startsWith(answer.body().replace("data: [DONE]\n\n", ""));
      assertThat(new String(replica.calls().getFirst().body(), UTF_8))
          .isEqualTo(request(",\"stream_options\":{\"include_usage\":true}"));
      assertThat(proxy.router().outcomes().getFirst())
          .isInstanceOfSatisfying(
              Outcome.Completed.class,
              completed -> assertThat(completed.cachedTokens()).isEqualTo(320));
    }
  }

  @Test
  void aClientThatAskedForUsageReceivesItUnchanged() throws IOException {
    String asked = request(",\"stream_options\":{\"include_usage\":true}");
    try (FakeReplica replica = replica();
        ProxyFixture proxy = proxy(replica)) {
      RawClient.Answer answer = proxy.client().post("/v1/chat/completions", asked).read();

      assertThat(answer.body()).isEqualTo(STREAM);
      assertThat(new String(replica.calls().getFirst().body(), UTF_8)).isEqualTo(asked);
    }
  }
}
