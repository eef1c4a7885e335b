package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.util.List;

/**
 * Gives a model's steps the durations of the recorded engine, as far as clients could see them. A
 * step with a first token ends when the client received that token; otherwise a step with a last
 * token ends when the client received that. Steps in between share the time evenly.
 */
final class RecordedStepTimer implements StepTimer {

  private final List<RecordedRequest> requests;

  /** The requests; a request's id in the engine is its index. */
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
