package io.kvroute.loadtest.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives the results of an engine's steps, at the end of each step, on the driver's thread. */
public interface EngineListener {

  /**
   * Called for each generated token.
   *
   * @param request the request that the token answers
   * @param token the token id
   * @param cachedTokens prompt tokens that the engine found in its cache
   * @param finish why the answer ends with this token; null if it continues
   * @param atNanos the end of the step
   */
  void onToken(
      EngineRequest request,
      int token,
      int cachedTokens,
      @Nullable FinishReason finish,
      long atNanos);

  /** Called with the step's changes to the prefix cache, in order; the list is never empty. */
  default void onKvEvents(List<EngineKvEvent> events, long atNanos) {}
}
