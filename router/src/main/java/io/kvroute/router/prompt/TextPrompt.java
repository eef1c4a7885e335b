package io.kvroute.router.prompt;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.JsonSyntaxException;
import io.kvroute.tokenizer.EncodedPrompt;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a request's text.
 *
 * @param keys in text mode
 * @param conversation a hash that identifies the conversation, or 0
 */
record TextPrompt(PromptKeys keys, long conversation) {

  private static final Logger log = LoggerFactory.getLogger(TextPrompt.class);

  static TextPrompt of(ApiRequest request, String model, KeySpace keySpace) {
    try {
      CanonicalText text = CanonicalText.of(request.body().raw());
      int[] ids = text.pseudoIds();
      long root = keySpace.textRoot(model, request.cacheSalt());
      return new TextPrompt(
          PromptKeys.of(PromptMode.TEXT, root, ids, ids.length), text.conversation());
    } catch (JsonSyntaxException e) {
      return new TextPrompt(PromptKeys.unknown(estimate(request)), 0);
    }
  }

  /**
   * The ids of a prompt with media: the engine's ids up to the first medium, then pseudo-ids of the
   * whole text, which contains digests of the media in their places.
   */
  static int[] idsWithMedia(EncodedPrompt encoded, ApiRequest request) {
    int exact = encoded.exactCount();
    int[] text = {};
    try {
      text = CanonicalText.of(request.body().raw()).pseudoIds();
    } catch (JsonSyntaxException e) {
      log.debug("an encoded body is not JSON: {}", e.getMessage());
    }
    int[] ids = Arrays.copyOf(encoded.rawIds(), exact + text.length);
    System.arraycopy(text, 0, ids, exact, text.length);
    return ids;
  }

  /** A hash that identifies the request's conversation, or 0. */
  static long conversation(ApiRequest request) {
    try {
      return CanonicalText.headOf(request.body().raw()).conversation();
    } catch (JsonSyntaxException e) {
      return 0;
    }
  }

  /** Estimates the number of tokens: one for four bytes. */
  static int estimate(ApiRequest request) {
    return request.body().length() / Integer.BYTES;
  }
}
