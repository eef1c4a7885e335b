package io.kvroute.router.openai;

import org.jspecify.annotations.Nullable;

/** The data port's paths whose requests are forwarded to a replica. */
public enum Endpoint {
  CHAT_COMPLETIONS("/v1/chat/completions", true),
  COMPLETIONS("/v1/completions", true),
  RESPONSES("/v1/responses", true),
  MESSAGES("/v1/messages", true),
  EMBEDDINGS("/v1/embeddings", false),
  RERANK_V1("/v1/rerank", false),
  RERANK("/rerank", false),
  SCORE_V1("/v1/score", false),
  SCORE("/score", false),
  POOLING("/pooling", false),
  CLASSIFY("/classify", false),
  TOKENIZE("/tokenize", false),
  DETOKENIZE("/detokenize", false),
  AUDIO_TRANSCRIPTIONS("/v1/audio/transcriptions", false),
  AUDIO_TRANSLATIONS("/v1/audio/translations", false);

  private final String path;
  private final boolean byPrefix;

  Endpoint(String path, boolean byPrefix) {
    this.path = path;
    this.byPrefix = byPrefix;
  }

  public String path() {
    return path;
  }

  /** Whether requests have a prompt that routing can match; all others are routed by load. */
  public boolean byPrefix() {
    return byPrefix;
  }

  /** Whether the engine computes the answer; else its API server alone does. */
  public boolean usesEngine() {
    return this != TOKENIZE && this != DETOKENIZE;
  }

  /** The endpoint at {@code path} (without query), or null. */
  public static @Nullable Endpoint at(String path) {
    for (Endpoint endpoint : values()) {
      if (endpoint.path.equals(path)) {
        return endpoint;
      }
    }
    return null;
  }
}
