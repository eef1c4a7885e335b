package io.kvroute.loadtest.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares the model's cached tokens with those of a recording.
 *
 * @param requests number of requests in the recording
 * @param agreeing number of requests with equal cached tokens
 * @param recordedTokens sum of the recording's cached tokens
 * @param modelTokens sum of the model's cached tokens
 * @param differences one line per request that differs
 */
public record CachedTokensVerdict(
    int requests, int agreeing, long recordedTokens, long modelTokens, List<String> differences) {

  /** Compares request by request. */
  public static CachedTokensVerdict of(VerifyEngine.Outcome outcome) {
    long recorded = 0;
    long model = 0;
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < outcome.requests().size(); i++) {
      RecordedRequest request = outcome.requests().get(i);
      int cached = outcome.cachedTokens()[i];
      recorded += request.cachedTokens();
      model += cached;
      if (cached != request.cachedTokens()) {
        differences.add(
            "request %d (%d tokens): engine cached %d, model %d"
                .formatted(i, request.prompt().length, request.cachedTokens(), cached));
      }
    }
    int count = outcome.requests().size();
    return new CachedTokensVerdict(
        count, count - differences.size(), recorded, model, List.copyOf(differences));
  }

  /** Whether all requests agree. */
  public boolean agrees() {
    return differences.isEmpty();
  }
}
