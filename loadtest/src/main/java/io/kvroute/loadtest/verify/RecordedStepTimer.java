package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.util.List;

/**
 * Makes a model's steps last as long as the recorded engine's did, as far as clients saw: a step
 * that brings a first or last token ends when the client got it, and the steps between share the
 * time evenly.
 */
final class RecordedStepTimer implements StepTimer {

  private final List<RecordedRequest> requests;

  /** Requests by their id in the engine: their place in the list. */
  RecordedStepTimer(List<RecordedRequest> requests) {
    this.requests = requests;
  }

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    long seen = Long.MAX_VALUE;
    long shared = Long.MAX_VALUE;
    for (StepWork part : work) {
      RecordedRequest request = requests.get((int) part.requestId());
      RecordedRequest.Times times = request.times();
      if (times == null) {
        return 1;
      }
      int left = request.output().length - part.answerTokens();
      if (part.samples() && part.answerTokens() == 0) {
        seen = Math.min(seen, positive(times.firstToken() - startNanos));
      } else if (part.samples() && left == 1) {
        seen = Math.min(seen, positive(times.finished() - startNanos));
      } else if (part.samples()) {
        shared = Math.min(shared, positive((times.finished() - startNanos) / left));
      }
    }
    return seen != Long.MAX_VALUE ? seen : shared != Long.MAX_VALUE ? shared : 1;
  }

  private static long positive(long nanos) {
    return Math.max(1, nanos);
  }
}
