package io.kvroute.loadtest.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Sends streamed chat requests and measures the times of their answers. Blocks the calling thread,
 * which is meant to be a virtual one. Thread-safe.
 */
public final class ChatClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final HttpClient http;
  private final URI endpoint;
  private final LongSupplier clockNanos;

  /**
   * Creates a client of one base URL.
   *
   * @param clockNanos nanoseconds since the run began
   */
  public ChatClient(URI base, LongSupplier clockNanos) {
    this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    this.endpoint = base.resolve("/v1/chat/completions");
    this.clockNanos = clockNanos;
  }

  /** Sends one turn and reads its answer to the end. The result contains the error, if any. */
  public ChatTurn send(int conversation, int turn, String body, long dueNanos)
      throws InterruptedException {
    Answer answer = new Answer();
    try {
      HttpResponse<InputStream> response =
          http.send(request(body), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream stream = response.body()) {
        if (response.statusCode() != 200) {
          String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          answer.error = "status " + response.statusCode() + ": " + text;
        } else {
          read(stream, answer);
        }
      }
    } catch (IOException e) {
      answer.error = String.valueOf(e);
    }
    return answer.toTurn(conversation, turn, body, dueNanos, clockNanos.getAsLong());
  }

  private HttpRequest request(String body) {
    return HttpRequest.newBuilder(endpoint)
        .timeout(TIMEOUT)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private void read(InputStream stream, Answer answer) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.startsWith(DATA)) {
        continue;
      }
      String data = line.substring(DATA.length());
      if (data.equals("[DONE]")) {
        return;
      }
      answer.event(JSON.readTree(data), clockNanos.getAsLong());
    }
    answer.error = "the stream ended without [DONE]";
  }

  @Override
  public void close() {
    http.close();
  }

  /** The part of an answer that has arrived. */
  private static final class Answer {
    private final StringBuilder text = new StringBuilder();
    private long firstTokenNanos;
    private long lastTokenNanos;
    private int events;
    private int promptTokens;
    private int cachedTokens;
    private int completionTokens;
    private @Nullable String error;

    void event(JsonNode event, long nowNanos) {
      if (event.has("error")) {
        error = event.path("error").path("message").asString("error event");
      }
      JsonNode usage = event.path("usage");
      if (usage.isObject()) {
        promptTokens = usage.path("prompt_tokens").asInt(0);
        completionTokens = usage.path("completion_tokens").asInt(0);
        cachedTokens = usage.path("prompt_tokens_details").path("cached_tokens").asInt(0);
      }
      JsonNode delta = event.path("choices").path(0).path("delta");
      if (!delta.isObject()) {
        return;
      }
      text.append(delta.path("content").asString(""));
      firstTokenNanos = events == 0 ? nowNanos : firstTokenNanos;
      lastTokenNanos = nowNanos;
      events++;
    }

    ChatTurn toTurn(int conversation, int turn, String body, long dueNanos, long nowNanos) {
      if (error == null && events == 0) {
        error = "the answer had no content";
      }
      return new ChatTurn(
          conversation,
          turn,
          body,
          text.toString(),
          new ChatTurn.Times(
              dueNanos,
              firstTokenNanos,
              nowNanos,
              lastTokenNanos - firstTokenNanos,
              Math.max(0, events - 1)),
          new ChatTurn.TokenCounts(promptTokens, cachedTokens, completionTokens),
          error);
    }
  }
}
