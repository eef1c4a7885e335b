package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields that routing needs in one pass over a request body, and checks that the body is
 * JSON; see {@link JsonCursor} for what is accepted. Skips all other values without decoding them,
 * so that the cost is one look at each byte and an allocation for each string that is kept. For
 * example:
 *
 * <pre>
 *   {"model":"m","messages":[...],"stream":true,"n":2,"tools":null}
 *    kept         skipped,         kept          kept  skipped: null
 *                 must be an array
 *   result: model m, stream, 2 choices, no traits, usage may be added
 * </pre>
 *
 * <p>As in Python, the last of several members with one name counts. A scalar of an unexpected
 * type, such as a number in a string, is left to the engine, which converts or rejects it; the
 * scanner rejects only what no engine accepts.
 *
 * <p>Not thread-safe; one scanner reads one body.
 */
public final class RequestScanner {

  private static final byte[] MODEL = name("model");
  private static final byte[] STREAM = name("stream");
  private static final byte[] STREAM_OPTIONS = name("stream_options");
  private static final byte[] INCLUDE_USAGE = name("include_usage");
  private static final byte[] RETURN_TOKEN_IDS = name("return_token_ids");
  private static final byte[] MAX_TOKENS = name("max_tokens");
  private static final byte[] MAX_COMPLETION_TOKENS = name("max_completion_tokens");
  private static final byte[] MAX_OUTPUT_TOKENS = name("max_output_tokens");
  private static final byte[] N = name("n");
  private static final byte[] CACHE_SALT = name("cache_salt");
  private static final byte[] TOOLS = name("tools");
  private static final byte[] CHAT_TEMPLATE_KWARGS = name("chat_template_kwargs");
  private static final byte[] REASONING_EFFORT = name("reasoning_effort");
  private static final byte[] TRUNCATE_PROMPT_TOKENS = name("truncate_prompt_tokens");
  private static final byte[] MESSAGES = name("messages");
  private static final byte[] PROMPT = name("prompt");
  private static final byte[] PROMPT_EMBEDS = name("prompt_embeds");
  private static final byte[] INPUT = name("input");

  private final Endpoint endpoint;
  private final byte[] body;
  private final JsonCursor cursor;

  private @Nullable String model;
  private @Nullable String cacheSalt;
  private boolean stream;

  private boolean streamOptions;
  private boolean idsRequested;
  private int maxTokens;
  private int maxCompletionTokens;
  private int choices = 1;
  private boolean messages;
  private boolean prompt;
  private boolean promptEmbeds;
  private boolean input;
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

  private RequestScanner(Endpoint endpoint, byte[] body) {
    this.endpoint = endpoint;
    this.body = body;
    this.cursor = new JsonCursor(body);
  }

  /**
   * Scans a body.
   *
   * @param body must not be changed afterwards
   * @throws ApiException with status 400 if the body is not JSON or not an object, if the
   *     endpoint's prompt is missing, or if a field has a type that no engine accepts. A missing
   *     model is not an error here
   */
  public static ApiRequest scan(Endpoint endpoint, byte[] body) throws ApiException {
    return new RequestScanner(endpoint, body).scan();
  }

  private ApiRequest scan() throws ApiException {
    try {
      boolean object = cursor.peek() == '{';
      if (object) {
        cursor.enterObject();
        while (cursor.nextMember()) {
          member();
        }
      } else {
        cursor.skip();
      }
      cursor.end();
      if (!object) {
        throw new ApiException(ApiErrors.notAnObject());
      }
    } catch (JsonSyntaxException e) {
      throw new ApiException(ApiErrors.notJson(String.valueOf(e.getMessage())));
    }
    requirePrompt();
    ApiRequest.Output output =
        new ApiRequest.Output(
            stream,
            stream && !streamOptions && isCompletion(),
            idsRequested,
            maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens,
            choices);
    return new ApiRequest(endpoint, model, output, cacheSalt, traits, new ApiRequest.Body(body));
  }

  private void member() throws JsonSyntaxException, ApiException {
    if (cursor.keyIs(MODEL)) {
      model = text("model");
    } else if (cursor.keyIs(STREAM)) {
      stream = flag("stream");
    } else if (cursor.keyIs(STREAM_OPTIONS)) {
      streamOptions();
    } else if (cursor.keyIs(RETURN_TOKEN_IDS)) {
      idsRequested = flag("return_token_ids");
    } else if (cursor.keyIs(MAX_TOKENS)) {
      maxTokens = Math.max(0, count("max_tokens"));
    } else if (cursor.keyIs(MAX_COMPLETION_TOKENS)) {
      maxCompletionTokens = Math.max(0, count("max_completion_tokens"));
    } else if (cursor.keyIs(MAX_OUTPUT_TOKENS)) {
      maxCompletionTokens = Math.max(0, count("max_output_tokens"));
    } else if (cursor.keyIs(N)) {
      choices = Math.max(1, count("n"));
    } else if (cursor.keyIs(CACHE_SALT)) {
      cacheSalt = text("cache_salt");
    } else if (cursor.keyIs(TOOLS)) {
      trait(Trait.TOOLS);
    } else if (cursor.keyIs(CHAT_TEMPLATE_KWARGS) || cursor.keyIs(REASONING_EFFORT)) {
      trait(Trait.THINKING);
    } else if (cursor.keyIs(TRUNCATE_PROMPT_TOKENS)) {
      trait(Trait.TRUNCATED);
    } else if (cursor.keyIs(MESSAGES)) {
      messages = present("messages", false);
    } else if (cursor.keyIs(PROMPT)) {
      prompt = prompt();
    } else if (cursor.keyIs(INPUT)) {
      input = present("input", true);
    } else if (cursor.keyIs(PROMPT_EMBEDS)) {
      promptEmbeds = cursor.peek() != 'n';
      cursor.skip();
    } else {
      cursor.skip();
    }
  }

  private void requirePrompt() throws ApiException {
    switch (endpoint) {
      case CHAT_COMPLETIONS, MESSAGES -> require(messages, "messages");
      case COMPLETIONS -> require(prompt || promptEmbeds, "prompt");
      case RESPONSES -> require(input, "input");
      default -> {}
    }
  }

  private static void require(boolean present, String field) throws ApiException {
    if (!present) {
      throw new ApiException(ApiErrors.missing(field));
    }
  }

  private boolean isCompletion() {
    return endpoint == Endpoint.CHAT_COMPLETIONS || endpoint == Endpoint.COMPLETIONS;
  }

  private void streamOptions() throws JsonSyntaxException, ApiException {
    streamOptions = cursor.peek() != 'n';
    if (cursor.peek() != '{') {
      cursor.skip();
      return;
    }
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.keyIs(INCLUDE_USAGE)) {
        flag("stream_options.include_usage"); // rejects what no engine accepts
      } else {
        cursor.skip();
      }
    }
  }

  private void trait(Trait trait) throws JsonSyntaxException {
    if (cursor.peek() != 'n') {
      traits.add(trait);
    }
    cursor.skip();
  }

  private @Nullable String text(String field) throws JsonSyntaxException, ApiException {
    int first = cursor.peek();
    if (first == '"') {
      return cursor.text();
    }
    cursor.skip();
    if (first != 'n') {
      throw new ApiException(ApiErrors.wrongType(field, kind(first), "a string"));
    }
    return null;
  }

  private boolean flag(String field) throws JsonSyntaxException, ApiException {
    int first = cursor.peek();
    cursor.skip();
    if (first == '{' || first == '[') {
      throw new ApiException(ApiErrors.wrongType(field, kind(first), "a boolean"));
    }
    return first == 't';
  }

  private int count(String field) throws JsonSyntaxException, ApiException {
    int first = cursor.peek();
    if (first == '-' || (first >= '0' && first <= '9')) {
      return cursor.number();
    }
    cursor.skip();
    if (first == '{' || first == '[') {
      throw new ApiException(ApiErrors.wrongType(field, kind(first), "an integer"));
    }
    return 0;
  }

  private boolean present(String field, boolean mayBeText)
      throws JsonSyntaxException, ApiException {
    int first = cursor.peek();
    cursor.skip();
    if (first == 'n') {
      return false;
    }
    if (first != '[' && !(mayBeText && first == '"')) {
      String expected = mayBeText ? "a string or an array" : "an array";
      throw new ApiException(ApiErrors.wrongType(field, kind(first), expected));
    }
    return true;
  }

  private boolean prompt() throws JsonSyntaxException, ApiException {
    if (cursor.peek() != '[') {
      return present("prompt", true);
    }
    int prompts = 0;
    cursor.enterArray();
    while (cursor.nextElement()) {
      int first = cursor.peek();
      if (first != '"') {
        traits.add(Trait.IDS);
      }
      if ((first == '"' || first == '[') && ++prompts == 2) {
        traits.add(Trait.SEVERAL_PROMPTS);
      }
      cursor.skip();
    }
    return true;
  }

  private static String kind(int first) {
    return switch (first) {
      case '{' -> "an object";
      case '[' -> "an array";
      case '"' -> "a string";
      case 't', 'f' -> "a boolean";
      default -> "a number";
    };
  }

  private static byte[] name(String name) {
    return name.getBytes(US_ASCII);
  }
}
