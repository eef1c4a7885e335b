package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Reads a {@code usage} object of any API: chat and text completions ({@code prompt_tokens}, {@code
 * completion_tokens}, {@code prompt_tokens_details.cached_tokens}), responses ({@code
 * input_tokens}, {@code output_tokens}, {@code input_tokens_details.cached_tokens}) and messages
 * ({@code input_tokens}, {@code output_tokens}, {@code cache_read_input_tokens}).
 */
final class UsageReader {

  private static final byte[] PROMPT = "prompt_tokens".getBytes(US_ASCII);
  private static final byte[] INPUT = "input_tokens".getBytes(US_ASCII);
  private static final byte[] COMPLETION = "completion_tokens".getBytes(US_ASCII);
  private static final byte[] OUTPUT = "output_tokens".getBytes(US_ASCII);
  private static final byte[] PROMPT_DETAILS = "prompt_tokens_details".getBytes(US_ASCII);
  private static final byte[] INPUT_DETAILS = "input_tokens_details".getBytes(US_ASCII);
  private static final byte[] CACHED = "cached_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_READ = "cache_read_input_tokens".getBytes(US_ASCII);

  private final JsonCursor cursor;
  private int promptTokens;
  private int completionTokens;
  private int cachedTokens;

  private UsageReader(Usage before, byte[] json, int length) {
    this.cursor = new JsonCursor(json, 0, length);
    this.promptTokens = before.promptTokens();
    this.completionTokens = before.completionTokens();
    this.cachedTokens = before.cachedTokens();
  }

  /**
   * Updates {@code before} with the counts in {@code json[0..length)}. Messages report input tokens
   * in their first event and output tokens in their last.
   */
  static Usage read(Usage before, byte[] json, int length) {
    UsageReader reader = new UsageReader(before, json, length);
    try {
      return reader.read();
    } catch (JsonSyntaxException e) {
      return before;
    }
  }

  private Usage read() throws JsonSyntaxException {
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.keyIs(PROMPT) || cursor.keyIs(INPUT)) {
        promptTokens = count(promptTokens);
      } else if (cursor.keyIs(COMPLETION) || cursor.keyIs(OUTPUT)) {
        completionTokens = count(completionTokens);
      } else if (cursor.keyIs(CACHE_READ)) {
        cachedTokens = count(cachedTokens);
      } else if (cursor.keyIs(PROMPT_DETAILS) || cursor.keyIs(INPUT_DETAILS)) {
        details();
      } else {
        cursor.skip();
      }
    }
    return new Usage(promptTokens, completionTokens, cachedTokens);
  }

  private void details() throws JsonSyntaxException {
    if (cursor.peek() != '{') {
      cursor.skip();
      return;
    }
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.keyIs(CACHED)) {
        cachedTokens = count(cachedTokens);
      } else {
        cursor.skip();
      }
    }
  }

  private int count(int before) throws JsonSyntaxException {
    int first = cursor.peek();
    if (first >= '0' && first <= '9') {
      return cursor.number();
    }
    cursor.skip();
    return before;
  }
}
