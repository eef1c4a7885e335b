package io.kvroute.router.openai;

/**
 * What a tap keeps of a response besides its usage; only meaningful for responses with one choice.
 */
public enum CapturedPart {
  NOTHING(""),
  IDS("token_ids"),
  CHAT_TEXT("content"),
  COMPLETION_TEXT("text");

  private final String key;

  CapturedPart(String key) {
    this.key = key;
  }

  /** The JSON key of the captured value; empty for {@link #NOTHING}. */
  String key() {
    return key;
  }

  boolean isText() {
    return this == CHAT_TEXT || this == COMPLETION_TEXT;
  }
}
