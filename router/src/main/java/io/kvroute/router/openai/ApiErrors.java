package io.kvroute.router.openai;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The router's own errors: one place for their statuses and words. */
public final class ApiErrors {

  private ApiErrors() {}

  /** 400: the body is not JSON. */
  public static ApiError notJson(String reason) {
    return badRequest("The body is not JSON: " + reason + ".", null);
  }

  /** 400: the body is JSON, but not an object. */
  public static ApiError notAnObject() {
    return badRequest("The body must be a JSON object.", null);
  }

  /** 400: a field that the endpoint needs is absent or null. */
  public static ApiError missing(String field) {
    return badRequest("Field required: '" + field + "'.", field);
  }

  /** 400: a field is of a type that no engine takes. */
  public static ApiError wrongType(String field, String found, String expected) {
    return badRequest("'" + field + "': " + found + " (expected: " + expected + ").", field);
  }

  /** 400: the request's framing or headers are wrong. */
  public static ApiError malformed(String reason) {
    return badRequest("The request is malformed: " + reason + ".", null);
  }

  /** 401: no key, or not one that is allowed. */
  public static ApiError unauthorized() {
    return new ApiError(401, "The API key is missing or not valid.", "AuthenticationError", null);
  }

  /** 404: no such path. */
  public static ApiError unknownPath(String path) {
    return new ApiError(404, "There is no path " + path + ".", "NotFoundError", null);
  }

  /** 404: no replica serves the model; in vLLM's words. */
  public static ApiError unknownModel(String model, Collection<String> served) {
    String aliases = served.isEmpty() ? "none" : String.join(", ", new TreeSet<>(served));
    return new ApiError(
        404,
        "The model `" + model + "` does not exist. Valid aliases: " + aliases + ".",
        "NotFoundError",
        "model");
  }

  /** 405: the path is known, the method is not. */
  public static ApiError methodNotAllowed(String method, String allowed) {
    return new ApiError(
        405, "Method " + method + " (expected: " + allowed + ").", "MethodNotAllowedError", null);
  }

  /** 408: the client did not send its whole request in time. */
  public static ApiError requestTimeout() {
    return new ApiError(
        408, "The request was not received whole in time.", "RequestTimeoutError", null);
  }

  /** 413: the body is larger than this router takes. */
  public static ApiError bodyTooLarge(long limitBytes) {
    return new ApiError(
        413,
        "The body is too large (expected: at most " + limitBytes + " bytes).",
        "RequestTooLargeError",
        null);
  }

  /** 415: the body is of another type. */
  public static ApiError wrongContentType(String found, String expected) {
    return new ApiError(
        415,
        "Content-Type: " + found + " (expected: " + expected + ").",
        "UnsupportedMediaTypeError",
        null);
  }

  /** 429: the client is over its share. */
  public static ApiError tooManyRequests() {
    return new ApiError(429, "Too many requests; try again later.", "RateLimitError", null);
  }

  /** 431: the request line or headers are larger than this router takes. */
  public static ApiError headersTooLarge(int limitBytes) {
    return new ApiError(
        431,
        "The request line and headers are too large (expected: at most " + limitBytes + " bytes).",
        "RequestTooLargeError",
        null);
  }

  /** 500: a fault of the router itself. */
  public static ApiError internal() {
    return new ApiError(
        500, "The router failed to handle the request.", "InternalServerError", null);
  }

  /** 501: the request comes in a transfer coding that is not known here. */
  public static ApiError unknownCoding(String reason) {
    return new ApiError(
        501, "The request is not supported: " + reason + ".", "NotImplementedError", null);
  }

  /** 505: the request is of another version of HTTP. */
  public static ApiError unknownVersion(String reason) {
    return new ApiError(
        505,
        "The request is not supported: " + reason + " (expected: HTTP/1.1).",
        "BadRequestError",
        null);
  }

  /** 502: the replica died or spoke nonsense, and no other could take over. */
  public static ApiError upstreamFailed() {
    return new ApiError(
        502, "The replica failed before its answer was whole.", "BadGatewayError", null);
  }

  /** 503: replicas serve the model, but none can take a request now. */
  public static ApiError noReplica(String model) {
    return new ApiError(
        503, "No replica of the model `" + model + "` is ready.", "ServiceUnavailableError", null);
  }

  /** 503: the router itself is full. */
  public static ApiError overloaded() {
    return new ApiError(
        503, "The router is overloaded; try again later.", "ServiceUnavailableError", null);
  }

  /** 504: the replica did not answer in time. */
  public static ApiError upstreamTimeout() {
    return new ApiError(504, "The replica did not answer in time.", "GatewayTimeoutError", null);
  }

  private static ApiError badRequest(String message, @Nullable String param) {
    return new ApiError(400, message, "BadRequestError", param);
  }
}
