package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.ApiError;

/**
 * A response that the router makes itself.
 *
 * @param contentType empty if there is no body
 * @param lines additional header lines, each ended by CRLF
 */
record LocalResponse(int status, String contentType, String body, String lines) {

  private static final String JSON = "application/json";

  /** An error response; a 503 asks the client to retry after one second. */
  static LocalResponse of(ApiError error) {
    return of(error, RetryAfter.lineFor(error));
  }

  static LocalResponse of(ApiError error, String lines) {
    return new LocalResponse(error.status(), JSON, new String(error.toJson(), UTF_8), lines);
  }

  static LocalResponse json(String json) {
    return new LocalResponse(200, JSON, json, "");
  }

  static LocalResponse empty(int status, String lines) {
    return new LocalResponse(status, "", "", lines);
  }
}
