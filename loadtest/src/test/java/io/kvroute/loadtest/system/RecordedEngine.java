package io.kvroute.loadtest.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kvroute.loadtest.verify.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An engine that gives the recorded answers of a real one, in order, to completions from token ids.
 * Like an engine without {@code --enable-prompt-tokens-details}, it reports no cached tokens.
 */
final class RecordedEngine implements AutoCloseable {

  private final HttpServer server;
  private final Iterator<RecordedRequest> answers;
  private final boolean tellIds;

  RecordedEngine(List<RecordedRequest> requests, boolean tellIds) throws IOException {
    this.answers = requests.iterator();
    this.tellIds = tellIds;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/health", exchange -> answer(exchange, "text/plain", "\n"));
    server.createContext(
        "/v1/models",
        exchange ->
            answer(
                exchange,
                "application/json",
                "{\"object\":\"list\",\"data\":[{\"id\":\"qwen3\",\"object\":\"model\","
                    + "\"owned_by\":\"vllm\"}]}"));
    server.createContext(
        "/metrics",
        exchange ->
            answer(
                exchange,
                "text/plain; version=1.0.0",
                """
                vllm:num_requests_running{engine="0",model_name="qwen3"} 0.0
                vllm:num_requests_waiting{engine="0",model_name="qwen3"} 0.0
                vllm:cache_config_info{block_size="32",engine="0",num_gpu_blocks="256"} 1.0
                """));
    server.createContext("/v1/completions", this::complete);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void complete(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    RecordedRequest answered = answers.next();
    String ids =
        tellIds
            ? Arrays.stream(answered.output())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",", "[", "]"))
            : "null";
    answer(
        exchange,
        "application/json",
        """
        {"id":"cmpl-1","object":"text_completion","created":1,"model":"qwen3","choices":[{"index":0,\
        "text":"noise","logprobs":null,"finish_reason":"length","token_ids":%s}],\
        "usage":{"prompt_tokens":%d,"total_tokens":%d,"completion_tokens":%d}}"""
            .formatted(
                ids,
                answered.prompt().length,
                answered.prompt().length + answered.output().length,
                answered.output().length));
  }

  private static void answer(HttpExchange exchange, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
