package io.kvroute.router.openai;

/** What a tap keeps of an answer beside its usage; only sensible for answers of one choice. */
public enum AnswerPart {
  NOTHING(""),
  IDS("token_ids"),
  CHAT_TEXT("content"),
  COMPLETION_TEXT("text");

  private final String key;

  AnswerPart(String key) {
    this.key = key;
  }

  /** The JSON key it stands behind; empty for nothing. */
  String key() {
    return key;
  }

  boolean isText() {
    return this == CHAT_TEXT || this == COMPLETION_TEXT;
  }
}
