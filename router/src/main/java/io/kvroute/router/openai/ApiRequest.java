package io.kvroute.router.openai;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a request; the body itself is forwarded as it came.
 *
 * @param model null where the body names none
 * @param usageAsked whether the answer's stream will tell usage ({@code include_usage}; the
 *     endpoints that always do)
 * @param usageAddable whether the router may ask for usage that the client did not ask for: a
 *     stream of completions that says nothing of {@code stream_options}
 * @param idsAsked whether the answer will tell its token ids ({@code return_token_ids})
 * @param maxNewTokens the limit the request sets on its answer, 0 where it sets none
 * @param choices answers asked for ({@code n}), at least 1
 * @param body the whole body, not to be changed
 */
public record ApiRequest(
    Endpoint endpoint,
    @Nullable String model,
    boolean stream,
    boolean usageAsked,
    boolean usageAddable,
    boolean idsAsked,
    int maxNewTokens,
    int choices,
    @Nullable String cacheSalt,
    Set<Trait> traits,
    Body body) {

  /** The same request, taken to be for {@code model}. */
  public ApiRequest forModel(String model) {
    return with(model, body);
  }

  /** What is known of the request, once its body is not needed any more. */
  public ApiRequest withoutBody() {
    return with(model, Body.EMPTY);
  }

  private ApiRequest with(@Nullable String newModel, Body newBody) {
    return new ApiRequest(
        endpoint,
        newModel,
        stream,
        usageAsked,
        usageAddable,
        idsAsked,
        maxNewTokens,
        choices,
        cacheSalt,
        traits,
        newBody);
  }

  /** The bytes of a request's body. */
  public static final class Body {
    private static final Body EMPTY = new Body(new byte[0]);

    private final byte[] bytes;

    public Body(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The bytes themselves, not a copy; not to be changed. */
    public byte[] raw() {
      return bytes;
    }

    public int length() {
      return bytes.length;
    }
  }
}
