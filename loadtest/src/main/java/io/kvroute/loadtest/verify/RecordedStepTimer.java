package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.util.List;

/**
 * Makes a model's steps last as long as the recorded engine's did, as far as clients saw: a step
 * that brings a first token, or else a last one, ends when the client got it, and the steps between
 * share the time evenly.
 */
final class RecordedStepTimer implements StepTimer {

  private final List<RecordedRequest> requests;

  /** Requests by their id in the engine: their place in the list. */
  RecordedStepTimer(List<RecordedRequest> requests) {
    this.requests = requests;
  }

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    long first = 0;
    long last = Long.MAX_VALUE;
    long shared = Long.MAX_VALUE;
    for (StepWork part : work) {
      RecordedRequest request = requests.get((int) part.requestId());
      RecordedRequest.Times times = request.times();
      if (times == null) {
        return 1;
      }
      int left = request.output().length - part.answerTokens();
      if (!part.samples()) {
        continue;
      }
      if (part.answerTokens() == 0) {
        first = Math.max(first, positive(times.firstToken() - startNanos));
      } else if (left == 1) {
        last = Math.min(last, positive(times.finished() - startNanos));
      } else {
        shared = Math.min(shared, positive((times.finished() - startNanos) / left));
      }
    }
    if (first > 0) {
      return first;
    }
    long decode = last < Long.MAX_VALUE ? last : shared;
    return decode < Long.MAX_VALUE ? decode : 1;
  }

  private static long positive(long nanos) {
    return Math.max(1, nanos);
  }
}
