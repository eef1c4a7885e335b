package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A request that vLLM refuses, with what it answers (as recorded from 0.32). */
final class VllmErrorException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String parameter;

  VllmErrorException(int status, String type, @Nullable String parameter, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.parameter = parameter;
  }

  /** What vLLM's own checks say. */
  static VllmErrorException badRequest(@Nullable String parameter, String message) {
    return new VllmErrorException(400, "BadRequestError", parameter, message);
  }

  /** What the request's schema says; {@code parameter} is its place in the request. */
  static VllmErrorException invalid(@Nullable String parameter, String error) {
    return new VllmErrorException(400, "Bad Request", parameter, "1 validation error:\n  " + error);
  }

  /** What its HTTP framework says. */
  static VllmErrorException http(int status, String phrase) {
    return new VllmErrorException(status, phrase, null, phrase);
  }

  int status() {
    return status;
  }

  String body() {
    JsonMapper json = JsonMapper.shared();
    return "{\"error\":{\"message\":%s,\"type\":%s,\"param\":%s,\"code\":%d}}"
        .formatted(
            json.writeValueAsString(getMessage()),
            json.writeValueAsString(type),
            json.writeValueAsString(parameter),
            status);
  }
}
