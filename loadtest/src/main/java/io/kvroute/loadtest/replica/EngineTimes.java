package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * Histograms of request latencies for /metrics, in vLLM's buckets. Used by the engine's loop only.
 */
final class EngineTimes {

  private static final double[] SIZES = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000
  };
  private static final double[] FIRST_TOKEN_SECONDS = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
    2560
  };
  private static final double[] TOKEN_SECONDS = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] REQUEST_SECONDS = {
    .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };

  private final Histogram promptTokens = new Histogram(SIZES);
  private final Histogram answerTokens = new Histogram(SIZES);
  private final Histogram firstToken = new Histogram(FIRST_TOKEN_SECONDS);
  private final Histogram interToken = new Histogram(TOKEN_SECONDS);
  private final Histogram perToken = new Histogram(TOKEN_SECONDS);
  private final Histogram request = new Histogram(REQUEST_SECONDS);

  /** Records a token of an answer. */
  void token(Generation generation, @Nullable FinishReason finish, long atNanos) {
    double seconds = generation.sampled(atNanos) / 1e9;
    if (generation.answerTokens() == 1) {
      firstToken.observe(seconds);
    } else {
      interToken.observe(seconds);
    }
    if (finish != null) {
      int tokens = generation.answerTokens();
      promptTokens.observe(generation.promptTokens());
      answerTokens.observe(tokens);
      request.observe(generation.nanosSinceSubmission() / 1e9);
      perToken.observe(tokens < 2 ? 0 : generation.nanosSinceFirstToken() / 1e9 / (tokens - 1));
    }
  }

  void write(PrometheusText out) {
    promptTokens.write(out, "vllm:request_prompt_tokens", "Number of prefill tokens processed.");
    answerTokens.write(
        out, "vllm:request_generation_tokens", "Number of generation tokens processed.");
    firstToken.write(
        out, "vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.");
    interToken.write(
        out, "vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.");
    perToken.write(
        out,
        "vllm:request_time_per_output_token_seconds",
        "Histogram of time_per_output_token_seconds per request.");
    request.write(
        out, "vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.");
  }
}
