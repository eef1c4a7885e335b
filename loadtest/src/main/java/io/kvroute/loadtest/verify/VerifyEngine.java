package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recording's requests, with their recorded answers, on the engine model. If the recording
 * has times, requests arrive at these times; otherwise each request arrives when the previous one
 * has ended.
 */
public final class VerifyEngine implements EngineListener {

  private static final int NO_END_TOKEN = -1;

  private final List<RecordedRequest> requests;
  private final EngineModel engine;
  private final int[] cachedTokens;
  private final List<EngineKvEvent> events = new ArrayList<>();

  private VerifyEngine(List<RecordedRequest> requests, EngineProfile profile) {
    this.requests = requests;
    this.engine = new EngineModel(profile, new RecordedStepTimer(requests), this);
    this.cachedTokens = new int[requests.size()];
  }

  /**
   * Plays a recording.
   *
   * @param requests requests that all have times, or none has
   * @param profile memory and limits of the recorded engine
   * @throws IllegalArgumentException if only some requests have times, or if a request does not fit
   *     into the engine's context
   */
  public static Outcome run(List<RecordedRequest> requests, EngineProfile profile) {
    for (int i = 0; i < requests.size(); i++) {
      int tokens = requests.get(i).prompt().length + requests.get(i).output().length;
      if (tokens > profile.maxModelTokens()) {
        throw new IllegalArgumentException(
            "request %d: %d tokens (expected: <= %d, what an engine of %d blocks of %d can hold)"
                .formatted(
                    i, tokens, profile.maxModelTokens(), profile.blocks(), profile.blockSize()));
      }
    }
    VerifyEngine run = new VerifyEngine(requests, profile);
    if (requests.stream().allMatch(request -> request.times() == null)) {
      run.playInSequence();
    } else {
      run.playAtTheirTimes(new RecordedArrivals(requests, profile.maxBatchedTokens()));
    }
    return new Outcome(requests, run.cachedTokens, run.events);
  }

  /**
   * The results of the model.
   *
   * @param requests the recording
   * @param cachedTokens cached tokens of each request in the model
   * @param events KV events of the model, in order
   */
  @SuppressWarnings("ArrayRecordComponent") // a result, never compared
  public record Outcome(
      List<RecordedRequest> requests, int[] cachedTokens, List<EngineKvEvent> events) {}

  private void playInSequence() {
    long now = 0;
    for (int i = 0; i < requests.size(); i++) {
      engine.submit(request(i));
      now = playUntil(EngineModel.IDLE, now);
    }
  }

  private void playAtTheirTimes(RecordedArrivals arrivals) {
    long now = 0;
    for (int i : arrivals.order()) {
      now = Math.max(playUntil(arrivals.nanos(i), now), arrivals.nanos(i));
      engine.submit(request(i));
    }
    playUntil(EngineModel.IDLE, now);
  }

  /** Runs all steps that end before a time. Returns the end of the last one. */
  private long playUntil(long endNanos, long nowNanos) {
    if (endNanos <= nowNanos) {
      return nowNanos; // requests that arrive at the same time can share a step
    }
    long now = nowNanos;
    long due = engine.advance(now);
    while (due < endNanos) {
      now = due;
      due = engine.advance(now);
    }
    return now;
  }

  private EngineRequest request(int i) {
    int[] output = requests.get(i).output();
    return new EngineRequest(
        i, requests.get(i).prompt(), output.length, n -> output[n], NO_END_TOKEN, null);
  }

  @Override
  public void onToken(
      EngineRequest request, int token, int cached, @Nullable FinishReason finish, long atNanos) {
    cachedTokens[(int) request.id()] = cached;
  }

  @Override
  public void onKvEvents(List<EngineKvEvent> batch, long atNanos) {
    events.addAll(batch);
  }
}
