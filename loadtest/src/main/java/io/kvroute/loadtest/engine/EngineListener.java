package io.kvroute.loadtest.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Told by an engine what its steps brought, at the end of each, on the thread that drives it. */
public interface EngineListener {

  /**
   * A token of an answer.
   *
   * @param request whose
   * @param token its id
   * @param cachedTokens tokens of the prompt that the engine reused
   * @param finish why the answer ends with this token; null while it goes on
   * @param atNanos the end of the step
   */
  void onToken(
      EngineRequest request,
      int token,
      int cachedTokens,
      @Nullable FinishReason finish,
      long atNanos);

  /** What the step changed in the prefix cache, in order; never empty. */
  default void onKvEvents(List<KvEvent> events, long atNanos) {}
}
