package io.kvroute.router.app;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;

/** An engine as a router sees it: healthy, with one model, and the same answer for every chat. */
final class ScriptedEngine implements AutoCloseable {

  static final String ANSWER =
      """
      {"id":"c1","object":"chat.completion","model":"qwen","choices":[{"index":0,
      "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":211,"completion_tokens":1,"total_tokens":212,
      "prompt_tokens_details":{"cached_tokens":0}}}
      """;

  private static final String CHAT = "/v1/chat/completions";

  private final WireMockServer server =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));

  ScriptedEngine(String model, int blockSize, int blocks) {
    server.start();
    server.stubFor(get("/health").willReturn(aResponse().withStatus(200)));
    server.stubFor(get("/v1/models").willReturn(okJson(models(model))));
    server.stubFor(
        get("/metrics")
            .willReturn(
                aResponse()
                    .withHeader("content-type", "text/plain; version=0.0.4")
                    .withBody(metrics(blockSize, blocks))));
    answerAfterMillis(0);
  }

  void answerAfterMillis(int millis) {
    server.stubFor(post(CHAT).willReturn(okJson(ANSWER).withFixedDelay(millis)));
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private static String models(String model) {
    return """
        {"object":"list","data":[{"id":"%s","object":"model","root":"/m","max_model_len":4096}]}
        """
        .formatted(model);
  }

  private static String metrics(int blockSize, int blocks) {
    return """
        vllm:cache_config_info{block_size="%d",num_gpu_blocks="%d"} 1.0
        vllm:num_requests_running{model_name="m"} 0.0
        vllm:num_requests_waiting{model_name="m"} 0.0
        process_start_time_seconds 1.7e9
        """
        .formatted(blockSize, blocks);
  }

  @Override
  public void close() {
    server.stop();
  }
}
