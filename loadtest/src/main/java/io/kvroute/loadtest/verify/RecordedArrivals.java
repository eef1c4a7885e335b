package io.kvroute.loadtest.verify;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Estimates when a recording's requests entered the engine's steps. A client knows when it sent a
 * request, but not when the step then in flight ended. First and last tokens of all requests mark
 * ends of steps. The step that prefilled a request began no earlier than the last such mark before
 * the request's first token.
 */
final class RecordedArrivals {

  /** Tokens of one step reach their clients within this time. */
  private static final long SAME_STEP_NANOS = 3_000_000;

  private final long[] arrivals;

  /**
   * @param requests requests with times
   * @param stepTokens token budget of a step; a request with more tokens to compute takes several
   *     steps and enters when it is sent
   */
  RecordedArrivals(List<RecordedRequest> requests, int stepTokens) {
    long[] ends =
        requests.stream()
            .map(RecordedArrivals::times)
            .flatMapToLong(t -> LongStream.of(t.firstToken(), t.finished()))
            .sorted()
            .toArray();
    arrivals = new long[requests.size()];
    for (int i = 0; i < arrivals.length; i++) {
      RecordedRequest request = requests.get(i);
      RecordedRequest.Times times = times(request);
      boolean oneStep = request.prompt().length - request.cachedTokens() <= stepTokens;
      long end = oneStep ? lastBefore(ends, times.firstToken() - SAME_STEP_NANOS) : 0;
      arrivals[i] = Math.max(times.sent(), end);
    }
  }

  /** Arrival of a request, in nanoseconds from the recording's start. */
  long nanos(int request) {
    return arrivals[request];
  }

  /** The requests in the order of their arrival. */
  int[] order() {
    return IntStream.range(0, arrivals.length)
        .boxed()
        .sorted(Comparator.comparingLong(this::nanos))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static RecordedRequest.Times times(RecordedRequest request) {
    RecordedRequest.Times times = request.times();
    if (times == null) {
      throw new IllegalArgumentException("times: missing in a request (expected: in all or none)");
    }
    return times;
  }

  private static long lastBefore(long[] sorted, long limit) {
    int found = Arrays.binarySearch(sorted, limit);
    int next = found >= 0 ? found : -found - 1;
    while (next > 0 && sorted[next - 1] == limit) {
      next--;
    }
    return next == 0 ? 0 : sorted[next - 1];
  }
}
