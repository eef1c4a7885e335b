package io.kvroute.loadtest.replica;

import io.kvroute.tokenizer.PromptException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses requests, and rejects those that vLLM rejects, with vLLM's error messages. Encodes
 * prompts, which may take long, so it must not run on an event loop. Thread-safe.
 */
final class EngineRequestReader {

  private final ServedNames served;
  private final int maxModelTokens;
  private final boolean autoToolChoice;
  private final ModelText text;

  EngineRequestReader(ReplicaOptions options, ModelText text) {
    this.served = options.served();
    this.maxModelTokens = options.profile().maxModelTokens();
    this.autoToolChoice = options.autoToolChoice();
    this.text = text;
  }

  /** Parses the body as JSON. */
  static JsonNode json(@Nullable String contentType, byte[] body) throws VllmErrorException {
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase("application/json")) {
      throw VllmErrorException.invalid(
          null, "Unsupported Media Type: Only 'application/json' is allowed");
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JacksonException e) {
      throw VllmErrorException.invalid(
          "body",
          "{'type': 'json_invalid', 'loc': 'body.%d', 'msg': 'JSON decode error', 'input': {}}"
              .formatted(Math.max(0, e.getLocation().getByteOffset())));
    }
    throw VllmErrorException.invalid(
        "body",
        "{'type': 'model_attributes_type', 'loc': 'body', 'msg': 'Input should be a valid"
            + " dictionary or object to extract fields from'}");
  }

  /** Reads a request to {@code /v1/chat/completions}, given as JSON and as its original bytes. */
  AnswerRequest chat(JsonNode body, byte[] raw) throws VllmErrorException {
    JsonNode messages = body.get("messages");
    if (messages == null) {
      throw missing("messages", body);
    }
    checkModel(body);
    checkStreamOptions(body);
    checkTools(body);
    int[] prompt = encodeChat(raw);
    JsonNode newer = body.path("max_completion_tokens");
    int maxTokens = maxTokens(newer.isNumber() ? newer : body.path("max_tokens"), prompt.length);
    return request(body, true, List.of(prompt), maxTokens, ToolCall.demandedBy(body));
  }

  /** Reads a request to {@code /v1/completions}. */
  AnswerRequest completion(JsonNode body) throws VllmErrorException {
    JsonNode prompt = body.get("prompt");
    if (prompt == null) {
      throw missing("prompt", body);
    }
    checkModel(body);
    checkStreamOptions(body);
    List<int[]> prompts = prompts(prompt);
    int longest = 0;
    for (int[] ids : prompts) {
      longest = Math.max(longest, ids.length);
    }
    // The default of the completions API.
    JsonNode limit = body.path("max_tokens");
    int maxTokens = limit.isNumber() ? maxTokens(limit, longest) : maxTokens(16, longest);
    return request(body, false, prompts, maxTokens, null);
  }

  /** The token ids that {@code /tokenize} returns. */
  int[] tokenize(JsonNode body, byte[] raw) throws VllmErrorException {
    checkModel(body);
    if (body.has("messages")) {
      return encodeChat(raw);
    }
    JsonNode prompt = body.get("prompt");
    if (prompt == null) {
      throw missing("prompt", body);
    }
    return encode(prompt.asString(""));
  }

  private static AnswerRequest request(
      JsonNode body, boolean chat, List<int[]> prompts, int maxTokens, @Nullable ToolCall toolCall)
      throws VllmErrorException {
    int choices = body.path("n").asInt(1);
    if (choices < 1) {
      throw VllmErrorException.badRequest("n", "n must be at least 1, got " + choices + ".");
    }
    JsonNode streamOptions = body.path("stream_options");
    String salt = body.path("cache_salt").asString("");
    return new AnswerRequest(
        chat,
        prompts,
        new AnswerRequest.Sampling(
            choices,
            maxTokens,
            body.path("ignore_eos").asBoolean(false),
            body.path("seed").asLong(0)),
        new AnswerRequest.Streaming(
            body.path("stream").asBoolean(false),
            streamOptions.path("include_usage").asBoolean(false),
            streamOptions.path("continuous_usage_stats").asBoolean(false)),
        body.path("return_token_ids").asBoolean(false),
        salt.isEmpty() ? null : salt,
        toolCall);
  }

  private List<int[]> prompts(JsonNode prompt) throws VllmErrorException {
    if (prompt.isString()) {
      return List.of(encode(prompt.asString()));
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw VllmErrorException.badRequest(
          "prompt", "prompt must be a string, a list of strings, or ids");
    }
    if (prompt.get(0).isNumber()) {
      return List.of(checkLength(ids(prompt)));
    }
    List<int[]> prompts = new ArrayList<>();
    for (JsonNode one : prompt) {
      prompts.add(one.isArray() ? checkLength(ids(one)) : encode(one.asString("")));
    }
    return prompts;
  }

  private static int[] ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    return ids;
  }

  private int[] encode(String prompt) throws VllmErrorException {
    try {
      return checkLength(text.text(prompt));
    } catch (PromptException e) {
      throw VllmErrorException.badRequest(null, String.valueOf(e.getMessage()));
    }
  }

  private int[] encodeChat(byte[] raw) throws VllmErrorException {
    try {
      return checkLength(text.chat(raw));
    } catch (PromptException e) {
      throw VllmErrorException.badRequest(null, String.valueOf(e.getMessage()));
    }
  }

  private int[] checkLength(int[] prompt) throws VllmErrorException {
    if (prompt.length == 0) {
      throw VllmErrorException.badRequest("prompt", "The decoder prompt cannot be empty");
    }
    if (prompt.length >= maxModelTokens) {
      int atLeast = maxModelTokens + 1;
      throw VllmErrorException.badRequest(
          "input_tokens",
          ("This model's maximum context length is %d tokens. However, your prompt contains at"
                  + " least %d input tokens, which exceeds this limit even without any output"
                  + " tokens. Please reduce the length of the input prompt."
                  + " (parameter=input_tokens, value=%d)")
              .formatted(maxModelTokens, atLeast, atLeast));
    }
    return prompt;
  }

  private int maxTokens(JsonNode limit, int promptTokens) throws VllmErrorException {
    return limit.isNumber() ? maxTokens(limit.asInt(), promptTokens) : 0;
  }

  private int maxTokens(int limit, int promptTokens) throws VllmErrorException {
    if (limit < 1) {
      throw VllmErrorException.badRequest(
          "max_tokens",
          "max_tokens must be at least 1, got %d. (parameter=max_tokens, value=%d)"
              .formatted(limit, limit));
    }
    if (promptTokens + (long) limit > maxModelTokens) {
      throw VllmErrorException.badRequest(
          "input_tokens",
          ("This model's maximum context length is %d tokens. However, you requested %d output"
                  + " tokens and your prompt contains at least %d input tokens, for a total of at"
                  + " least %d tokens. Please reduce the length of the input prompt or the number"
                  + " of requested output tokens. (parameter=input_tokens, value=%d)")
              .formatted(
                  maxModelTokens, limit, promptTokens, promptTokens + (long) limit, promptTokens));
    }
    return limit;
  }

  private void checkModel(JsonNode body) throws VllmErrorException {
    String asked = body.path("model").asString(served.first());
    if (!served.names().contains(asked)) {
      throw new VllmErrorException(
          404,
          "NotFoundError",
          "model",
          "The model `%s` does not exist. Valid aliases: %s."
              .formatted(asked, String.join(", ", served.names())));
    }
  }

  private static void checkStreamOptions(JsonNode body) throws VllmErrorException {
    if (body.path("stream_options").isObject() && !body.path("stream").asBoolean(false)) {
      throw VllmErrorException.badRequest(
          "stream_options", "Stream options can only be defined when `stream=True`.");
    }
  }

  private void checkTools(JsonNode body) throws VllmErrorException {
    boolean auto = body.path("tool_choice").asString("auto").equals("auto");
    if (!body.path("tools").isEmpty() && auto && !autoToolChoice) {
      throw VllmErrorException.badRequest(
          null,
          "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be"
              + " set");
    }
  }

  private static VllmErrorException missing(String field, JsonNode body) {
    return VllmErrorException.invalid(
        "body." + field,
        "{'type': 'missing', 'loc': 'body.%s', 'msg': 'Field required', 'input': '<dict of %d items>'}"
            .formatted(field, body.size()));
  }
}
