package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.MediaDigest;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A pipeline whose models, engines, event loop and clock the test controls. */
abstract class PipelineFixture {

  static final String LONG = "word ".repeat(4_000);

  /**
   * Encodes each character as its own id; can be paused at a gate; rejects requests with an invalid
   * role.
   */
  static final class Letters implements ModelEncoder {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch gate;
    final ConcurrentLinkedQueue<String> encodedBy = new ConcurrentLinkedQueue<>();

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
    public int[] generatedIds(String text) {
      return text.chars().toArray();
    }

    @Override
    public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) {
      return ((RenderedPrompt.Text) rendered).text().length() < 200 ? encode(rendered) : null;
    }
  }

  /** Answers when the test says so. */
  static final class ScriptedEngines implements EngineTokenizer {
    final List<String> questions = new ArrayList<>();
    boolean open;
    CompletableFuture<int[]> answer = new CompletableFuture<>();

    @Override
    public boolean canAsk(String model) {
      return open;
    }

    @Override
    public CompletableFuture<int[]> ask(String model, byte[] tokenizeBody, long deadlineMillis) {
      questions.add(new String(tokenizeBody, UTF_8));
      answer = new CompletableFuture<>();
      return answer;
    }
  }

  final AtomicLong nowMillis = new AtomicLong(1);
  final ScriptedEngines engines = new ScriptedEngines();
  private final KeySpace keySpace = new KeySpace(42);
  final List<PromptKind> mismatched = new ArrayList<>();
  final BlockingQueue<Runnable> loop = new LinkedBlockingQueue<>();
  final BlockingQueue<PromptKeys> results = new LinkedBlockingQueue<>();
  PromptPipeline pipeline = pipeline(new Letters(true), 1 << 20);

  PromptPipeline pipeline(ModelEncoder encoder, long queueBytes) {
    return pipeline((location, options) -> encoder, queueBytes);
  }

  PromptPipeline pipeline(ModelEncoders.Loader loader, long queueBytes) {
    ModelEncoders encoders =
        new ModelEncoders(
            Map.of(),
            model -> PromptEncoderOptions.defaults(),
            loader,
            Runnable::run,
            nowMillis::get);
    encoders.served(List.of("m"), "org/m", null);
    PromptObserver observer =
        new PromptObserver() {
          @Override
          public void completed(Stage stage, long nanos) {
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

  static ApiRequest chat(String content) {
    return request(
        Endpoint.CHAT_COMPLETIONS,
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}");
  }

  static ApiRequest request(Endpoint endpoint, String body) {
    try {
      return RequestScanner.scan(endpoint, body.getBytes(UTF_8));
    } catch (ApiException e) {
      throw new AssertionError(e);
    }
  }

  PromptKeys now(ApiRequest request) {
    pipeline.keysOf(request, loop::add, results::add);
    PromptKeys keys = results.poll();
    assertThat(keys).isNotNull();
    assertThat(loop).isEmpty();
    return keys;
  }

  PromptKeys later(ApiRequest request) throws InterruptedException {
    pipeline.keysOf(request, loop::add, results::add);
    assertThat(results).isEmpty();
    runLoopOnce();
    return results.remove();
  }

  void runLoopOnce() throws InterruptedException {
    Runnable task = loop.poll(20, TimeUnit.SECONDS);
    assertThat(task).isNotNull();
    task.run();
  }
}
