package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiError;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** An answer of the admin port. */
final class AdminAnswer {

  private final int status;
  private final String contentType;
  private final byte[] body;

  private AdminAnswer(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static AdminAnswer json(JsonNode json) {
    return new AdminAnswer(200, "application/json", utf8(json.toString()));
  }

  static AdminAnswer text(int status, String text) {
    return new AdminAnswer(status, "text/plain; charset=utf-8", utf8(text));
  }

  static AdminAnswer of(String contentType, String text) {
    return new AdminAnswer(200, contentType, utf8(text));
  }

  static AdminAnswer error(ApiError error) {
    return new AdminAnswer(error.status(), "application/json", error.toJson());
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  /** The bytes themselves, not a copy. */
  byte[] raw() {
    return body;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
