package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.ApiError;

/**
 * An answer of the router's own.
 *
 * @param contentType empty where there is no body
 * @param lines further header lines, each ended by CRLF
 */
record Reply(int status, String contentType, String body, String lines) {

  private static final String JSON = "application/json";

  /** An error; 503s ask the client to come again. */
  static Reply of(ApiError error) {
    return of(error, error.status() == 503 ? "retry-after: 1\r\n" : "");
  }

  static Reply of(ApiError error, String lines) {
    return new Reply(error.status(), JSON, new String(error.toJson(), UTF_8), lines);
  }

  static Reply json(String json) {
    return new Reply(200, JSON, json, "");
  }

  static Reply empty(int status, String lines) {
    return new Reply(status, "", "", lines);
  }
}
