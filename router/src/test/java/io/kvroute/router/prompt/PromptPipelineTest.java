package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.KeySpace;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.MediaDigest;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PromptPipelineTest {

  private static final String LONG = "word ".repeat(4_000);

  /** Encodes each character as its own id; waits at a gate; refuses what names a bad role. */
  private static final class Letters implements ModelEncoder {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate;
    private final ConcurrentLinkedQueue<String> encodedBy = new ConcurrentLinkedQueue<>();

    Letters(boolean open) {
      gate = new CountDownLatch(open ? 0 : 1);
    }

    @Override
    public RenderedPrompt render(byte[] body) throws PromptException {
      String text = new String(body, UTF_8);
      if (text.contains("bad role")) {
        throw new PromptException(PromptException.Stage.PARSE, "no such role");
      }
      return new RenderedPrompt.Text(RenderedPrompt.Kind.CHAT, text, false);
    }

    @Override
    public EncodedPrompt encode(RenderedPrompt rendered) {
      entered.countDown();
      try {
        assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      encodedBy.add(Thread.currentThread().getName());
      String text = ((RenderedPrompt.Text) rendered).text();
      int[] ids = text.chars().toArray();
      int media = text.indexOf("image_url");
      return media < 0
          ? new EncodedPrompt(ids, ids.length)
          : new EncodedPrompt(ids, ids.length, media, List.of(new MediaDigest(1, 2)));
    }

    @Override
    public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) {
      return ((RenderedPrompt.Text) rendered).text().length() < 200 ? encode(rendered) : null;
    }
  }

  /** Answers when it is told to. */
  private static final class ScriptedEngines implements EngineTokenizer {
    private final List<String> questions = new ArrayList<>();
    private boolean open;
    private CompletableFuture<int[]> answer = new CompletableFuture<>();

    @Override
    public boolean canAsk(String model) {
      return open;
    }

    @Override
    public CompletableFuture<int[]> ask(String model, byte[] question, long deadlineMillis) {
      questions.add(new String(question, UTF_8));
      answer = new CompletableFuture<>();
      return answer;
    }
  }

  private final AtomicLong nowMillis = new AtomicLong(1);
  private final ScriptedEngines engines = new ScriptedEngines();
  private final KeySpace keySpace = new KeySpace(42);
  private final List<PromptKind> mismatched = new ArrayList<>();
  private final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  private final BlockingQueue<PromptKeys> results = new LinkedBlockingQueue<>();
  private PromptPipeline pipeline = pipeline(new Letters(true), 1 << 20);

  private PromptPipeline pipeline(ModelEncoder encoder, long queueBytes) {
    return pipeline((location, options) -> encoder, queueBytes);
  }

  private PromptPipeline pipeline(ModelEncoders.Loader loader, long queueBytes) {
    ModelEncoders encoders =
        new ModelEncoders(
            Map.of(),
            model -> PromptEncoderOptions.defaults(),
            loader,
            Runnable::run,
            nowMillis::get);
    encoders.served("m", "org/m", null);
    PromptObserver observer =
        new PromptObserver() {
          @Override
          public void took(Stage stage, long nanos) {
            assertThat(nanos).isNotNegative();
          }

          @Override
          public void mismatched(String model, PromptKind kind) {
            mismatched.add(kind);
          }
        };
    pipeline =
        new PromptPipeline(encoders, engines, keySpace, observer, 1, queueBytes, nowMillis::get);
    return pipeline;
  }

  @AfterEach
  void close() {
    pipeline.close();
  }

  private static ApiRequest chat(String content) {
    return request(
        Endpoint.CHAT_COMPLETIONS,
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}");
  }

  private static ApiRequest request(Endpoint endpoint, String body) {
    try {
      return RequestScanner.scan(endpoint, body.getBytes(UTF_8));
    } catch (ApiException e) {
      throw new AssertionError(e);
    }
  }

  private PromptKeys now(ApiRequest request) {
    pipeline.keysOf(request, loop::add, results::add);
    PromptKeys keys = results.poll();
    assertThat(keys).isNotNull();
    assertThat(loop).isEmpty();
    return keys;
  }

  private PromptKeys later(ApiRequest request) throws InterruptedException {
    pipeline.keysOf(request, loop::add, results::add);
    assertThat(results).isEmpty();
    runLoopOnce();
    return results.remove();
  }

  private void runLoopOnce() throws InterruptedException {
    Runnable task = loop.poll(20, TimeUnit.SECONDS);
    assertThat(task).isNotNull();
    task.run();
  }

  @Test
  void encodesWhatIsSmallOnTheCallingThread() {
    ApiRequest request = chat("hi");

    PromptKeys keys = now(request);

    assertThat(keys.rung()).isEqualTo(Rung.TOKENS);
    assertThat(keys.tokens()).isEqualTo(request.body().length());
    assertThat(pipeline.modes()).isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, Rung.TOKENS)));
  }

  @Test
  void encodesTheRestOnItsOwnThreadsAndTellsItOnTheLoop() throws InterruptedException {
    Letters encoder = new Letters(true);
    pipeline(encoder, 1 << 20);

    PromptKeys keys = later(chat(LONG));

    assertThat(keys.rung()).isEqualTo(Rung.TOKENS);
    assertThat(encoder.encodedBy).containsExactly("encode-1");
  }

  @Test
  void tellsNothingToAClientThatLeft() throws InterruptedException {
    Letters encoder = new Letters(false);
    pipeline(encoder, 1 << 20);
    Runnable leaveWhileEncoding = pipeline.keysOf(chat(LONG), loop::add, results::add);
    Runnable leaveWhileWaiting = pipeline.keysOf(chat(LONG + "2"), loop::add, results::add);
    pipeline.keysOf(chat(LONG + "3"), loop::add, results::add);

    assertThat(encoder.entered.await(20, TimeUnit.SECONDS)).isTrue();
    leaveWhileWaiting.run();
    leaveWhileEncoding.run();
    encoder.gate.countDown();
    runLoopOnce();
    runLoopOnce();

    assertThat(results).hasSize(1);
    assertThat(encoder.encodedBy).hasSize(2);
    assertThat(loop).isEmpty();
  }

  @Test
  void takesTheTextRungWhenTheQueueIsFullAndKeepsTheConversationThere()
      throws InterruptedException {
    Letters encoder = new Letters(false);
    pipeline(encoder, LONG.length() + 200);
    pipeline.keysOf(chat(LONG), loop::add, results::add);

    assertThat(now(chat("other " + LONG)).rung()).isEqualTo(Rung.TEXT);

    encoder.gate.countDown();
    runLoopOnce();
    results.clear();
    assertThat(now(chat("other " + LONG)).rung()).isEqualTo(Rung.TEXT);
    assertThat(later(chat("third " + LONG)).rung()).isEqualTo(Rung.TOKENS);
  }

  @Test
  void takesWhatIsLargerThanTheWholeQueueIfNothingWaits() throws InterruptedException {
    pipeline(new Letters(true), 10);

    assertThat(later(chat(LONG)).rung()).isEqualTo(Rung.TOKENS);
  }

  @Test
  void routesByLoadWhenEvenTheTextIsTooLargeForNow() {
    Letters encoder = new Letters(false);
    pipeline(encoder, 1_000);
    pipeline.keysOf(chat(LONG), loop::add, results::add);

    PromptKeys keys = now(chat("x".repeat(PromptPipeline.INLINE_TEXT_BYTES)));

    assertThat(keys.rung()).isEqualTo(Rung.LOAD);
    assertThat(keys.tokens()).isGreaterThan(PromptPipeline.INLINE_TEXT_BYTES / 4);
    encoder.gate.countDown();
  }

  @Test
  void makesLargeTextOnItsOwnThreads() throws InterruptedException {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("no tokenizer.json");
        },
        1 << 20);

    assertThat(later(chat("x".repeat(PromptPipeline.INLINE_TEXT_BYTES))).rung())
        .isEqualTo(Rung.TEXT);
  }

  @Test
  void routesByTextWhatTheEngineWouldRefuse() {
    assertThat(now(chat("bad role")).rung()).isEqualTo(Rung.TEXT);
  }

  @Test
  void routesByTextWhileThereIsNoTokenizer() {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("org/m: no tokenizer.json");
        },
        1 << 20);

    PromptKeys first = now(chat("Tell me a long story about a very old house on a hill."));
    PromptKeys same = now(chat("Tell me a long story about a very old house on a hill."));

    assertThat(first.rung()).isEqualTo(Rung.TEXT);
    BlockKeys blocks = first.blocks(4);
    assertThat(blocks.count()).isGreaterThan(2);
    assertThat(same.blocks(4).key(1)).isEqualTo(blocks.key(1));
    assertThat(pipeline.modes()).isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, Rung.TEXT)));
  }

  @Test
  void routesChatByTextWhereTheEngineReadsItInItsOwnWay() {
    ModelEncoder harmony =
        new ModelEncoder() {
          private final ModelEncoder letters = new Letters(true);

          @Override
          public RenderedPrompt render(byte[] body) throws PromptException {
            return letters.render(body);
          }

          @Override
          public EncodedPrompt encode(RenderedPrompt rendered) throws PromptException {
            return letters.encode(rendered);
          }

          @Override
          public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered)
              throws PromptException {
            return letters.encodeIfQuick(rendered);
          }

          @Override
          public String obstacleToChat() {
            return "the engine renders it with Harmony";
          }
        };
    pipeline(harmony, 1 << 20);

    assertThat(now(chat("hi")).rung()).isEqualTo(Rung.TEXT);
    ApiRequest completion = request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"hi\"}");
    assertThat(now(completion).rung()).isEqualTo(Rung.TOKENS);
  }

  @Test
  void survivesAnEncoderThatFails() {
    ModelEncoder broken =
        new ModelEncoder() {
          @Override
          public RenderedPrompt render(byte[] body) {
            throw new IllegalStateException("bug");
          }

          @Override
          public EncodedPrompt encode(RenderedPrompt rendered) {
            throw new IllegalStateException("bug");
          }

          @Override
          public EncodedPrompt encodeIfQuick(RenderedPrompt rendered) {
            throw new IllegalStateException("bug");
          }
        };
    pipeline(broken, 1 << 20);

    assertThat(now(chat("hi")).rung()).isEqualTo(Rung.TEXT);
  }

  @Test
  void takesIdsThatTheRequestBringsWithoutAnyTokenizer() throws IOException {
    PromptKeys keys = now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[5, 6,7]}"));
    PromptKeys first =
        now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[[8,9],[1]]}"));

    assertThat(keys.rung()).isEqualTo(Rung.TOKENS);
    assertThat(keys.ids()).containsExactly(5, 6, 7);
    assertThat(first.ids()).containsExactly(8, 9);
    assertThat(now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[1,\"a\"]}")).rung())
        .isEqualTo(Rung.TOKENS);
  }

  @Test
  void keepsTheTokensBeforeAnImageAndGoesOnByText() {
    String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}";
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}";
    PromptKeys cat =
        now(request(Endpoint.CHAT_COMPLETIONS, body.formatted(image.formatted("data:cat"))));
    PromptKeys dog =
        now(request(Endpoint.CHAT_COMPLETIONS, body.formatted(image.formatted("data:dog"))));

    assertThat(cat.rung()).isEqualTo(Rung.TEXT);
    assertThat(cat.ids()[0]).isEqualTo('{');
    assertThat(dog.blocks(4).key(5)).isEqualTo(cat.blocks(4).key(5));
    int last = cat.blocks(1).count() - 1;
    assertThat(dog.blocks(1).key(last)).isNotEqualTo(cat.blocks(1).key(last));
  }

  @Test
  void messagesAndResponsesShareTheirKeysWithTheChatTheyAre() {
    PromptKeys chat = now(chat("hello to everyone in this room"));
    PromptKeys messages =
        now(
            request(
                Endpoint.MESSAGES,
                "{\"max_tokens\":9,\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"hello to everyone in this room\"}]}]}"));
    PromptKeys responses =
        now(
            request(
                Endpoint.RESPONSES,
                "{\"model\":\"m\",\"input\":\"hello to everyone in this room\"}"));

    assertThat(messages.rung()).isEqualTo(Rung.TOKENS);
    assertThat(messages.ids()).isEqualTo(chat.ids());
    assertThat(responses.rung()).isEqualTo(Rung.TOKENS);
    assertThat(responses.ids()).isEqualTo(chat.ids());
  }

  @Test
  void goesByTextWhereItIsNotKnownHowTheEngineMakesAChatOfIt() {
    assertThat(
            now(request(
                    Endpoint.RESPONSES,
                    "{\"model\":\"m\",\"input\":\"hi\",\"previous_response_id\":\"r\"}"))
                .rung())
        .isEqualTo(Rung.TEXT);
  }

  @Test
  void routesByLoadWhatHasNoPrompt() {
    assertThat(now(request(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"text\"}")).rung())
        .isEqualTo(Rung.LOAD);
    assertThat(now(request(Endpoint.CHAT_COMPLETIONS, "{\"messages\":[]}")).rung())
        .isEqualTo(Rung.LOAD);
  }

  @Test
  void saltsSeparateOtherwiseEqualPrompts() {
    String body = "{\"model\":\"m\",\"cache_salt\":\"%s\",\"prompt\":[1,2,3,4]}";
    PromptKeys a = now(request(Endpoint.COMPLETIONS, body.formatted("a")));
    PromptKeys b = now(request(Endpoint.COMPLETIONS, body.formatted("b")));

    assertThat(a.blocks(2).key(0)).isNotEqualTo(b.blocks(2).key(0));
  }

  @Test
  void movesAKindOfRequestOneRungDownWhenItsCountsDisagreeAndBackAfterATrial() {
    ApiRequest request = chat("hi");
    PromptKeys keys = now(request);
    for (int i = 0; i < TokenAgreement.LIMIT; i++) {
      assertThat(now(request).rung()).isEqualTo(Rung.TOKENS);
      pipeline.answered(request, keys, keys.tokens() + 1);
    }

    assertThat(now(chat("ho")).rung()).isEqualTo(Rung.TEXT);
    assertThat(mismatched).hasSize(TokenAgreement.LIMIT).containsOnly(PromptKind.PLAIN);

    nowMillis.addAndGet(TokenAgreement.FIRST_BAN_MILLIS);
    assertThat(now(chat("hu")).rung()).isEqualTo(Rung.TOKENS);
    pipeline.answered(request, keys, keys.tokens() + 1);
    assertThat(now(chat("he")).rung()).isEqualTo(Rung.TEXT);

    nowMillis.addAndGet(2 * TokenAgreement.FIRST_BAN_MILLIS);
    pipeline.answered(request, keys, keys.tokens());
    pipeline.answered(request, keys, keys.tokens() + 1);
    assertThat(now(chat("hx")).rung()).isEqualTo(Rung.TOKENS);
  }

  private void pipelineWithoutTokenizer() {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("org/m: no tokenizer.json");
        },
        1 << 20);
    engines.open = true;
  }

  @Test
  void asksAnEngineForTokensThatCannotBeComputedHere() throws InterruptedException {
    pipelineWithoutTokenizer();

    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9});
    runLoopOnce();

    PromptKeys keys = results.remove();
    assertThat(keys.rung()).isEqualTo(Rung.ENGINE_TOKENS);
    assertThat(keys.ids()).containsExactly(7, 8, 9);
    assertThat(engines.questions).hasSize(1);
    assertThat(engines.questions.getFirst()).contains("\"messages\":[{\"role\":\"user\"");
    assertThat(pipeline.modes())
        .isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, Rung.ENGINE_TOKENS)));
  }

  @Test
  void asksTheSameQuestionOnce() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9});
    runLoopOnce();
    runLoopOnce();

    assertThat(now(chat("hi")).ids()).containsExactly(7, 8, 9);
    assertThat(results).hasSize(2);
    assertThat(engines.questions).hasSize(1);
  }

  @Test
  void tokensOfAnEngineShareTheirKeysWithThoseComputedHere() throws InterruptedException {
    pipelineWithoutTokenizer();
    ApiRequest request = request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"hi\"}");
    pipeline.keysOf(request, loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9, 10});
    runLoopOnce();
    BlockKeys asked = results.remove().blocks(2);

    PromptKeys brought =
        now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[7,8,9,10]}"));
    assertThat(brought.blocks(2).key(1)).isEqualTo(asked.key(1));
  }

  @Test
  void goesByTextWhereNoEngineAnswersAndKeepsTheConversationThere() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.completeExceptionally(new TimeoutException("slow"));
    runLoopOnce();

    assertThat(results.remove().rung()).isEqualTo(Rung.TEXT);
    assertThat(now(chat("hi")).rung()).isEqualTo(Rung.TEXT);
    assertThat(engines.questions).hasSize(1);
    pipeline.keysOf(chat("another conversation"), loop::add, results::add);
    assertThat(engines.questions).hasSize(2);
  }

  @Test
  void asksLargeQuestionsFromItsOwnThreads() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("x".repeat(PromptPipeline.INLINE_TEXT_BYTES)), loop::add, results::add);
    assertThat(engines.questions).isEmpty();
    runLoopOnce();
    assertThat(engines.questions).hasSize(1);
    engines.answer.complete(new int[] {1});
    runLoopOnce();
    assertThat(results.remove().rung()).isEqualTo(Rung.ENGINE_TOKENS);
  }

  @Test
  void tellsNothingToAClientThatLeftWhileAnEngineWasAsked() throws InterruptedException {
    pipelineWithoutTokenizer();
    Runnable leave = pipeline.keysOf(chat("hi"), loop::add, results::add);
    leave.run();
    engines.answer.complete(new int[] {1});

    assertThat(loop).isEmpty();
    assertThat(results).isEmpty();
  }

  @Test
  void distrustsAnEngineWhoseTokenizeDisagreesWithItsAnswers() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {1, 2});
    runLoopOnce();
    PromptKeys keys = results.remove();
    for (int i = 0; i < TokenAgreement.LIMIT; i++) {
      pipeline.answered(chat("hi"), keys, 3);
    }

    assertThat(now(chat("hi")).rung()).isEqualTo(Rung.TEXT);
  }

  @Test
  void givesMemoryOfTheQueueBack() throws InterruptedException {
    pipeline(new Letters(true), LONG.length() + 100);
    for (int i = 0; i < 5; i++) {
      assertThat(later(chat(LONG)).rung()).isEqualTo(Rung.TOKENS);
    }
    Awaitility.await().until(() -> pipeline.queuedBytes() == 0);
  }
}
