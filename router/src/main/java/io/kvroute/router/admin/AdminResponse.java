package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiError;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** A response of the admin port. */
final class AdminResponse {

  private final int status;
  private final String contentType;
  private final byte[] body;

  private AdminResponse(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static AdminResponse json(JsonNode json) {
    return new AdminResponse(200, "application/json", utf8(json.toString()));
  }

  static AdminResponse text(int status, String text) {
    return new AdminResponse(status, "text/plain; charset=utf-8", utf8(text));
  }

  static AdminResponse of(String contentType, String text) {
    return new AdminResponse(200, contentType, utf8(text));
  }

  static AdminResponse error(ApiError error) {
    return new AdminResponse(error.status(), "application/json", error.toJson());
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
