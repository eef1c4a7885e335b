package io.kvroute.router.openai;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The router's own errors, with their statuses and messages in one place. */
public final class ApiErrors {

  private static final int MAX_SHOWN_CHARACTERS = 128;

  private ApiErrors() {}

  /** 400: the body is not JSON. */
  public static ApiError notJson(String reason) {
    return badRequest("The body is not JSON: " + reason + ".", null);
  }

  /** 400: the body is JSON, but not an object. */
  public static ApiError notAnObject() {
    return badRequest("The body must be a JSON object.", null);
  }

  /** 400: a required field is absent or null. */
  public static ApiError missing(String field) {
    return badRequest("Field required: '" + field + "'.", field);
  }

  /** 400: a field has a type that no engine accepts. */
  public static ApiError wrongType(String field, String found, String expected) {
    return badRequest("'" + field + "': " + found + " (expected: " + expected + ").", field);
  }

  /** 400: the request's framing or headers are invalid. */
  public static ApiError malformed(String reason) {
    return badRequest("The request is malformed: " + reason + ".", null);
  }

  /** 401: the API key is missing or unknown. */
  public static ApiError unauthorized() {
    return new ApiError(401, "The API key is missing or not valid.", "AuthenticationError", null);
  }

  /** 404: the path does not exist. */
  public static ApiError unknownPath(String path) {
    return new ApiError(404, "There is no path " + shown(path) + ".", "NotFoundError", null);
  }

  /** 404: no replica serves the model; worded as in vLLM. */
  public static ApiError unknownModel(String model, Collection<String> served) {
    String aliases = served.isEmpty() ? "none" : String.join(", ", new TreeSet<>(served));
    return new ApiError(
        404,
        "The model `" + shown(model) + "` does not exist. Valid aliases: " + aliases + ".",
        "NotFoundError",
        "model");
  }

  /** 405: the path exists, but not for this method. */
  public static ApiError methodNotAllowed(String method, String allowed) {
    return new ApiError(
        405,
        "The path does not support the method " + shown(method) + " (expected: " + allowed + ").",
        "MethodNotAllowedError",
        null);
  }

  /** 408: the client did not send its complete request in time. */
  public static ApiError requestTimeout() {
    return new ApiError(
        408, "The complete request was not received in time.", "RequestTimeoutError", null);
  }

  /** 413: the body exceeds the limit. */
  public static ApiError bodyTooLarge(long limitBytes) {
    return new ApiError(
        413,
        "The body is too large (expected: at most " + limitBytes + " bytes).",
        "RequestTooLargeError",
        null);
  }

  /** 413: the body decodes to so many times its size that it must be a decompression bomb. */
  public static ApiError growsTooMuch(int limit) {
    return new ApiError(
        413,
        "The body decodes to more than " + limit + " times its size.",
        "RequestTooLargeError",
        null);
  }

  /** 415: the body has another content type. */
  public static ApiError wrongContentType(String found, String expected) {
    return new ApiError(
        415,
        "The Content-Type " + shown(found) + " is not supported (expected: " + expected + ").",
        "UnsupportedMediaTypeError",
        null);
  }

  /** 415: the body is encoded in a way that the router cannot decode. */
  public static ApiError unknownEncoding(String found, String expected) {
    return new ApiError(
        415,
        "The Content-Encoding " + shown(found) + " is not supported (expected: " + expected + ").",
        "UnsupportedMediaTypeError",
        null);
  }

  /** 429: the client exceeded its rate. */
  public static ApiError tooManyRequests() {
    return new ApiError(429, "Too many requests; try again later.", "RateLimitError", null);
  }

  /** 431: the request line and headers exceed the limit. */
  public static ApiError headersTooLarge(int limitBytes) {
    return new ApiError(
        431,
        "The request line and headers are too large (expected: at most " + limitBytes + " bytes).",
        "RequestTooLargeError",
        null);
  }

  /** 500: the router itself failed. */
  public static ApiError internal() {
    return new ApiError(
        500, "The router failed to handle the request.", "InternalServerError", null);
  }

  /** 501: the request uses an unknown transfer coding. */
  public static ApiError unknownCoding(String reason) {
    return new ApiError(
        501, "The request is not supported: " + reason + ".", "NotImplementedError", null);
  }

  /** 505: the request uses another version of HTTP. */
  public static ApiError unknownVersion(String reason) {
    return new ApiError(
        505,
        "The request is not supported: " + reason + " (expected: HTTP/1.1).",
        "BadRequestError",
        null);
  }

  /** 502: the replica failed or sent no valid HTTP, and no other replica could take over. */
  public static ApiError upstreamFailed() {
    return new ApiError(
        502,
        "The replica could not be reached, or failed before its response was complete.",
        "BadGatewayError",
        null);
  }

  /** 503: replicas serve the model, but none is ready. */
  public static ApiError noReplica(String model) {
    return new ApiError(
        503,
        "No replica of the model `" + shown(model) + "` is ready.",
        "ServiceUnavailableError",
        null);
  }

  /** 503: the router stops before the response is complete. */
  public static ApiError shuttingDown() {
    return new ApiError(
        503,
        "The router is shutting down and cannot complete the response; try again.",
        "ServiceUnavailableError",
        null);
  }

  /** 503: the router has reached a limit of its own. */
  public static ApiError overloaded() {
    return new ApiError(
        503, "The router is overloaded; try again later.", "ServiceUnavailableError", null);
  }

  /** 504: the replica did not respond in time. */
  public static ApiError upstreamTimeout() {
    return new ApiError(504, "The replica did not respond in time.", "GatewayTimeoutError", null);
  }

  /** A name that a client sent, cut to a length that fits a message. */
  private static String shown(String name) {
    if (name.length() <= MAX_SHOWN_CHARACTERS) {
      return name;
    }
    boolean splitsPair = Character.isHighSurrogate(name.charAt(MAX_SHOWN_CHARACTERS - 1));
    return name.substring(0, MAX_SHOWN_CHARACTERS - (splitsPair ? 1 : 0)) + "...";
  }

  private static ApiError badRequest(String message, @Nullable String param) {
    return new ApiError(400, message, "BadRequestError", param);
  }
}
