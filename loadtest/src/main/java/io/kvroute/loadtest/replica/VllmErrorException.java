package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** An error that vLLM reports for a request, with its status and body as recorded from 0.32. */
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

  /** An error of vLLM's own checks. */
  static VllmErrorException badRequest(@Nullable String parameter, String message) {
    return new VllmErrorException(400, "BadRequestError", parameter, message);
  }

  /** An error of the schema check; {@code parameter} is the path in the request. */
  static VllmErrorException invalid(@Nullable String parameter, String error) {
    return new VllmErrorException(400, "Bad Request", parameter, "1 validation error:\n  " + error);
  }

  /** An error of vLLM's HTTP framework. */
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
