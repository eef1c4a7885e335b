package io.kvroute.router.openai;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data port's paths whose requests are forwarded to a replica, all of them with POST. README.md
 * and docs/paths.md list the same paths, which a test checks.
 */
public enum Endpoint {
  CHAT_COMPLETIONS("/v1/chat/completions", true),
  COMPLETIONS("/v1/completions", true),
  RESPONSES("/v1/responses", true),
  MESSAGES("/v1/messages", true),
  CHAT_COMPLETIONS_BATCH("/v1/chat/completions/batch", false),
  CHAT_COMPLETIONS_RENDER("/v1/chat/completions/render", false),
  MESSAGES_COUNT_TOKENS("/v1/messages/count_tokens", false),
  INFERENCE_GENERATE("/inference/v1/generate", false),
  INVOCATIONS("/invocations", false),
  GENERATIVE_SCORING("/generative_scoring", false),
  EMBEDDINGS("/v1/embeddings", false),
  RERANK_V1("/v1/rerank", false),
  RERANK_V2("/v2/rerank", false),
  RERANK("/rerank", false),
  SCORE_V1("/v1/score", false),
  SCORE("/score", false),
  POOLING("/pooling", false),
  CLASSIFY("/classify", false),
  TOKENIZE("/tokenize", false),
  DETOKENIZE("/detokenize", false),
  AUDIO_TRANSCRIPTIONS("/v1/audio/transcriptions", false),
  AUDIO_TRANSLATIONS("/v1/audio/translations", false);

  private static final Map<String, Endpoint> BY_PATH =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Endpoint::path, e -> e));

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
    return BY_PATH.get(path);
  }
}
