package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineBlockHash;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.loadtest.engine.TokenSource;
import io.kvroute.tokenizer.PromptException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request: submits its prompts to the engine and writes the tokens, as events or as one
 * JSON object. Aborts its requests in the engine when the client disconnects. Runs on the
 * connection's event loop.
 */
final class Answer {

  private final HttpExchange exchange;
  private final AnswerRequest request;
  private final AnswerFormat format;
  private final SimulatedEngine engine;
  private final int dieAfterEvents;
  private final List<AnswerChoice> choices = new ArrayList<>();
  private final List<Generation> generations = new ArrayList<>();
  private int unfinished;
  private int events;

  /**
   * @param dieAfterEvents number of events after which the connection is reset; -1 for never
   */
  Answer(
      HttpExchange exchange,
      AnswerRequest request,
      AnswerFormat format,
      SimulatedEngine engine,
      int dieAfterEvents) {
    this.exchange = exchange;
    this.request = request;
    this.format = format;
    this.engine = engine;
    this.dieAfterEvents = dieAfterEvents;
  }

  /** Submits the prompts to the engine. */
  void start() {
    for (int[] prompt : request.prompts()) {
      for (int i = 0; i < request.sampling().choices(); i++) {
        AnswerChoice choice = new AnswerChoice(choices.size(), prompt);
        choices.add(choice);
        generations.add(
            new Generation(
                engineRequest(choice),
                exchange.eventLoop(),
                (token, cached, finish) -> onToken(choice, token, cached, finish)));
      }
    }
    unfinished = choices.size();
    if (request.streaming().enabled()) {
      exchange.startStream();
    }
    exchange.whenGone(() -> generations.forEach(engine::abort));
    generations.forEach(engine::submit);
  }

  private EngineRequest engineRequest(AnswerChoice choice) {
    int[] prompt = choice.prompt;
    AnswerWords words = engine.text().words();
    int room = engine.options().profile().maxModelTokens() - prompt.length;
    int limit = request.sampling().maxTokens() > 0 ? request.sampling().maxTokens() : room;
    long seed =
        EngineBlockHash.chain(
                engine.options().seed() + request.sampling().seed(), prompt, 0, prompt.length)
            + choice.index % request.sampling().choices();
    TokenSource tokens = words.answer(seed, naturalTokens(seed));
    ToolCall call = request.toolCall();
    if (call != null) {
      tokens = toolCallTokens(call, words.endToken());
    }
    return new EngineRequest(
        0,
        prompt,
        limit,
        tokens,
        request.sampling().ignoreEnd() ? -1 : words.endToken(),
        request.cacheSalt());
  }

  /** Length of the answer. Only requests without a limit get an end token, near the mean length. */
  private int naturalTokens(long seed) {
    if (request.sampling().maxTokens() > 0 || request.sampling().ignoreEnd()) {
      return Integer.MAX_VALUE;
    }
    int mean = engine.options().answerTokens();
    return mean / 2 + (int) Long.remainderUnsigned(AnswerWords.mix(~seed), mean + 1L);
  }

  private TokenSource toolCallTokens(ToolCall call, int endToken) {
    try {
      int[] ids = engine.text().answer(call.generatedText());
      return index -> index < ids.length ? ids[index] : endToken;
    } catch (PromptException e) {
      throw new IllegalStateException("a tool call that can't be encoded: " + call, e);
    }
  }

  private void onToken(
      AnswerChoice choice, int token, int cachedTokens, @Nullable FinishReason finish) {
    String words = engine.text().words().text(token);
    choice.add(token, words, cachedTokens, finish);
    unfinished -= finish == null ? 0 : 1;
    if (request.streaming().enabled()) {
      stream(choice, token, words);
    } else if (unfinished == 0) {
      exchange.json(200, format.whole(choices, usage()));
    }
  }

  private void stream(AnswerChoice choice, int token, String words) {
    AnswerUsage usage = request.streaming().continuousUsage() ? usage() : null;
    if (choice.count() == 1) {
      event(format.opening(choice, usage));
    }
    boolean last = unfinished == 0 && !request.streaming().includeUsage();
    event(format.delta(choice, token, words, usage, last));
    if (unfinished == 0) {
      if (request.streaming().includeUsage()) {
        event(format.usage(usage()));
      }
      event(AnswerFormat.DONE);
      exchange.endStream();
    } else {
      exchange.flush();
    }
  }

  private void event(String event) {
    if (event.isEmpty()) {
      return;
    }
    if (events++ == dieAfterEvents) {
      exchange.flush();
      exchange.reset();
    }
    exchange.event(event);
  }

  private AnswerUsage usage() {
    int blockSize = engine.options().profile().blockSize();
    int answered = 0;
    int cached = 0;
    int created = 0;
    for (AnswerChoice choice : choices) {
      answered += choice.count();
      if (choice.index % request.sampling().choices() == 0) {
        cached += choice.cachedTokens();
        created += choice.prompt.length / blockSize * blockSize - choice.cachedTokens();
      }
    }
    return new AnswerUsage(
        request.promptTokens(), answered, cached, created, engine.options().promptTokensDetails());
  }
}
