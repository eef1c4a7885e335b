package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.ConfigSources;
import io.kvroute.loadtest.verify.RecordedRequest;
import io.kvroute.loadtest.verify.Recordings;
import io.kvroute.router.app.RunningRouter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Sends 240 recorded requests of a real vLLM, with the recorded answers, through the real proxy.
 * The router's matched tokens must equal the engine's recorded cached tokens.
 */
final class ShadowOfARealEngineTest {

  private static final Path SEQUENCE = Path.of("src/test/resources/vllm-0.32/sequence.jsonl.gz");

  private static int[] matchedTokens(List<RecordedRequest> requests, boolean idsAsked)
      throws Exception {
    try (RecordedEngine engine = new RecordedEngine(requests, idsAsked);
        RunningRouter router = route(engine)) {
      URI url = URI.create("http://127.0.0.1:" + router.dataAddress().getPort());
      int[] matched = new int[requests.size()];
      for (int i = 0; i < matched.length; i++) {
        String body =
            "{\"model\":\"qwen3\",\"return_token_ids\":%s,\"prompt\":%s}"
                .formatted(idsAsked, Arrays.toString(requests.get(i).prompt()));
        HttpResponse<String> answer = Clusters.post(url, "/v1/completions", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        matched[i] =
            Integer.parseInt(answer.headers().firstValue("x-kvroute-matched-tokens").orElseThrow());
      }
      return matched;
    }
  }

  private static RunningRouter route(RecordedEngine engine) throws Exception {
    RunningRouter router =
        RunningRouter.start(
            new ConfigSources()
                .set("listen", "127.0.0.1:0")
                .set("admin-listen", "127.0.0.1:0")
                .set("replicas", engine.url())
                .set("tokenizers", "qwen3=bundled:qwen3")
                .set("routing-headers", "true")
                .load(),
            Map.of());
    await()
        .until(
            () ->
                router.fleet().snapshot().replicas().stream()
                    .allMatch(view -> view.ready("qwen3") && view.facts().numBlocks() == 256));
    return router;
  }

  @Test
  void withTheAnswersIdsEveryPredictionIsTheEnginesOwnFigure() throws Exception {
    List<RecordedRequest> requests = Recordings.requests(SEQUENCE);
    int[] matched = matchedTokens(requests, true);
    assertThat(matched)
        .containsExactly(requests.stream().mapToInt(RecordedRequest::cachedTokens).toArray());
  }

  @Test
  void fromPromptsAndCountsAloneNoPredictionIsAboveTheTruth() throws Exception {
    List<RecordedRequest> requests = Recordings.requests(SEQUENCE);
    int[] matched = matchedTokens(requests, false);
    long predicted = 0;
    long cached = 0;
    for (int i = 0; i < matched.length; i++) {
      assertThat(matched[i])
          .as("request %d", i)
          .isLessThanOrEqualTo(requests.get(i).cachedTokens());
      predicted += matched[i];
      cached += requests.get(i).cachedTokens();
    }
    System.out.printf(
        "ShadowOfARealEngineTest: from prompts and counts %d of %d cached tokens%n",
        predicted, cached);
    assertThat(predicted).isGreaterThan(cached / 2);
  }
}
