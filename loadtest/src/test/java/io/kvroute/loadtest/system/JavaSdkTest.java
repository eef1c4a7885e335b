package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.kvroute.loadtest.cluster.Cluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sends requests of OpenAI's unchanged Java client through the router. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
final class JavaSdkTest {

  private Cluster cluster;
  private OpenAIClient client;

  @BeforeAll
  void start() throws Exception {
    cluster = Clusters.start(2, 2);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(cluster.url().resolve("/v1").toString())
            .apiKey("unused")
            .maxRetries(0)
            .build();
  }

  @AfterEach
  void noLoadIsLeft() {
    Clusters.awaitIdle(cluster);
  }

  @AfterAll
  void close() {
    client.close();
    cluster.close();
  }

  private static ChatCompletionCreateParams.Builder ask(String text) {
    return ChatCompletionCreateParams.builder()
        .model(Cluster.MODEL)
        .maxCompletionTokens(8)
        .addUserMessage(text);
  }

  @Test
  void chats() {
    ChatCompletion answer = client.chat().completions().create(ask("Hello").build());
    assertThat(answer.choices().getFirst().message().content()).isPresent();
    assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(8);
  }

  @Test
  void streams() {
    ChatCompletionStreamOptions usage =
        ChatCompletionStreamOptions.builder().includeUsage(true).build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(ask("Tell me").streamOptions(usage).build())) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(8);
      assertThat(chunks).hasSizeGreaterThan(8);
    }
  }

  @Test
  void callsTools() {
    FunctionDefinition weather =
        FunctionDefinition.builder()
            .name("get_weather")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .build();
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                ask("Weather in Oslo?")
                    .maxCompletionTokens(100)
                    .addFunctionTool(weather)
                    .toolChoice(
                        ChatCompletionNamedToolChoice.builder()
                            .function(
                                ChatCompletionNamedToolChoice.Function.builder()
                                    .name("get_weather")
                                    .build())
                            .build())
                    .build());
    assertThat(answer.choices().getFirst().message().toolCalls().orElseThrow())
        .singleElement()
        .satisfies(
            call -> assertThat(call.asFunction().function().name()).isEqualTo("get_weather"));
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().data().getFirst().id()).isEqualTo(Cluster.MODEL);
  }

  @Test
  void understandsErrors() {
    assertThatThrownBy(
            () -> client.chat().completions().create(ask("Hi").model("no-such-model").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no-such-model");
    assertThatThrownBy(() -> client.chat().completions().create(ask("Hi").n(-1).build()))
        .isInstanceOf(BadRequestException.class);
  }
}
