package io.kvroute.router.http;

import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.route.Decision;
import io.kvroute.router.upstream.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The router's own answer to a request that no replica answers.
 *
 * @param lines header lines besides the usual ones, each with its line end
 * @param reason as a label of metrics and in the access log
 */
record Refusal(ApiError error, String lines, String reason) {

  private static final String NONE_READY = "none-ready";

  /** A 503 asks the client to retry after one second. */
  static Refusal of(ApiError error, String reason) {
    return new Refusal(error, RetryAfter.lineFor(error), reason);
  }

  /** Until a replica has reported its models, every model may exist. */
  static Refusal unknownModel(String model, List<String> served) {
    return served.isEmpty()
        ? of(ApiErrors.noReplica(model), NONE_READY)
        : of(ApiErrors.unknownModel(model, served), "unknown-model");
  }

  /**
   * No replica is ready. If no replica has received the request, the client should retry; otherwise
   * it learns of the failure.
   *
   * @param lastFailure how the attempt before failed, null for the first attempt
   */
  static Refusal noneReady(String model, Decision.NoneReady none, @Nullable Failure lastFailure) {
    return lastFailure == null || lastFailure == Failure.CONNECT
        ? new Refusal(
            ApiErrors.noReplica(model), RetryAfter.line(none.retryAfterMillis()), NONE_READY)
        : of(ApiErrors.upstreamFailed(), lastFailure.label());
  }
}
