package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineKvEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** The source of a replica's answers: an engine model in real time, and the model's words. */
final class SimulatedEngine implements AutoCloseable {

  private final ReplicaOptions options;
  private final ModelText text;
  private final EngineLoop loop;
  private final double startEpochSeconds = System.currentTimeMillis() / 1e3;

  /**
   * @param eventSink receives each step's KV events, on the engine's thread
   */
  SimulatedEngine(ReplicaOptions options, ModelText text, Consumer<List<EngineKvEvent>> eventSink) {
    this.options = options;
    this.text = text;
    this.loop = new EngineLoop("engine-" + options.model(), options.profile(), eventSink);
  }

  void start() {
    loop.start();
  }

  ReplicaOptions options() {
    return options;
  }

  ModelText text() {
    return text;
  }

  /** Queues a request. Callable from any thread. */
  void submit(Generation generation) {
    loop.submit(generation);
  }

  /** Aborts a request whose client disconnected. Callable from any thread. */
  void abort(Generation generation) {
    loop.abort(generation);
  }

  /** State and latest requests. Callable from any thread; completes on the engine's thread. */
  CompletableFuture<ReplicaSnapshot> stats() {
    return ask(l -> new ReplicaSnapshot(l.engine().stats(), l.log().requests()));
  }

  /** The text of {@code GET /metrics}. Callable from any thread; completes on the engine's. */
  CompletableFuture<String> metrics() {
    return ask(
        l ->
            VllmMetricsPage.text(
                options.model(),
                options.profile(),
                startEpochSeconds,
                l.engine().stats(),
                l.times()));
  }

  /** Drops all cached content, unless requests hold blocks. Callable from any thread. */
  CompletableFuture<Boolean> resetPrefixCache() {
    return ask(l -> l.engine().resetPrefixCache());
  }

  /** The number of leading prompt tokens that are cached. Callable from any thread. */
  CompletableFuture<Integer> cachedTokens(int[] prompt) {
    return ask(l -> l.engine().cachedTokens(prompt, null));
  }

  /** The number of different blocks that are cached. Callable from any thread. */
  CompletableFuture<Integer> cachedBlocks() {
    return ask(l -> l.engine().cachedBlocks());
  }

  @Override
  public void close() {
    loop.close();
  }

  private <T> CompletableFuture<T> ask(Function<EngineLoop, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(() -> answer.complete(question.apply(loop)));
    return answer;
  }
}
