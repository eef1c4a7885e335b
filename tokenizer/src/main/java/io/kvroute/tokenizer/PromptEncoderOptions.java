package io.kvroute.tokenizer;

import java.time.Clock;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How to read the requests of a model: the flags of the engine that change the prompt.
 *
 * @param contentFormat vLLM's {@code --chat-template-content-format}
 * @param chatTemplate vLLM's {@code --chat-template}, the template's text; null for the model's own
 * @param defaultChatTemplateKwargs vLLM's {@code --default-chat-template-kwargs}, a JSON object
 * @param trustRequestChatTemplate vLLM's {@code --trust-request-chat-template}
 * @param excludeToolsWhenToolChoiceNone vLLM's {@code --exclude-tools-when-tool-choice-none}
 * @param transformers which transformers release loads the tokenizer in the engine
 * @param clock the time that {@code strftime_now} shows to templates
 * @param cacheBytes maximum size of the cache of tokenized text; 0 turns the cache off
 */
public record PromptEncoderOptions(
    ContentFormat contentFormat,
    @Nullable String chatTemplate,
    String defaultChatTemplateKwargs,
    boolean trustRequestChatTemplate,
    boolean excludeToolsWhenToolChoiceNone,
    TransformersRule transformers,
    Clock clock,
    long cacheBytes) {

  /** The form in which the template receives message contents. */
  public enum ContentFormat {
    /** Detected from the code of the template. */
    AUTO,
    /** One string. */
    STRING,
    /** A list of parts. */
    OPENAI
  }

  /** Which release of transformers loads {@code tokenizer.json}. */
  public enum TransformersRule {
    /** 5 and later: some tokenizer classes build their own pipeline around the vocabulary. */
    V5,
    /** Before 5: the file is used as it is. */
    V4
  }

  /** The default maximum size of the cache of tokenized text, per model. */
  public static final long DEFAULT_CACHE_BYTES = 256L << 20;

  /** vLLM's defaults. */
  public static PromptEncoderOptions defaults() {
    return new PromptEncoderOptions(
        ContentFormat.AUTO,
        null,
        "{}",
        false,
        false,
        TransformersRule.V5,
        Clock.system(ZoneId.systemDefault()),
        DEFAULT_CACHE_BYTES);
  }

  public PromptEncoderOptions withContentFormat(ContentFormat format) {
    return new PromptEncoderOptions(
        format,
        chatTemplate,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        transformers,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withChatTemplate(@Nullable String template) {
    return new PromptEncoderOptions(
        contentFormat,
        template,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        transformers,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withDefaultChatTemplateKwargs(String json) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        json,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        transformers,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withTrustRequestChatTemplate(boolean trust) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        defaultChatTemplateKwargs,
        trust,
        excludeToolsWhenToolChoiceNone,
        transformers,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withExcludeToolsWhenToolChoiceNone(boolean exclude) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        exclude,
        transformers,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withTransformers(TransformersRule rule) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        rule,
        clock,
        cacheBytes);
  }

  public PromptEncoderOptions withClock(Clock newClock) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        transformers,
        newClock,
        cacheBytes);
  }

  public PromptEncoderOptions withCacheBytes(long bytes) {
    return new PromptEncoderOptions(
        contentFormat,
        chatTemplate,
        defaultChatTemplateKwargs,
        trustRequestChatTemplate,
        excludeToolsWhenToolChoiceNone,
        transformers,
        clock,
        bytes);
  }
}
