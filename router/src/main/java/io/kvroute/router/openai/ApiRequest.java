package io.kvroute.router.openai;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that routing needs. The body itself is forwarded unchanged.
 *
 * @param model null if the body names none
 * @param body the whole body, must not be changed
 */
public record ApiRequest(
    Endpoint endpoint,
    @Nullable String model,
    Output output,
    @Nullable String cacheSalt,
    Set<Trait> traits,
    Body body) {

  /** The same request with this model. */
  public ApiRequest forModel(String model) {
    return with(model, body);
  }

  /** The same request without its body, so that the body can be freed. */
  public ApiRequest withoutBody() {
    return with(model, Body.EMPTY);
  }

  private ApiRequest with(@Nullable String newModel, Body newBody) {
    return new ApiRequest(endpoint, newModel, output, cacheSalt, traits, newBody);
  }

  /**
   * What the request says about its response.
   *
   * @param usageAddable whether the router may ask for usage that the client did not ask for: a
   *     stream of completions that does not set {@code stream_options}
   * @param idsRequested whether the response will carry token ids ({@code return_token_ids})
   * @param maxNewTokens the limit on generated tokens, 0 if the request sets none
   * @param choices completions asked for ({@code n}), at least 1
   */
  public record Output(
      boolean stream, boolean usageAddable, boolean idsRequested, int maxNewTokens, int choices) {

    /** The output of a request that does not generate text. */
    public static final Output NONE = new Output(false, false, false, 0, 1);
  }

  /** The bytes of a request's body. */
  public static final class Body {
    private static final Body EMPTY = new Body(new byte[0]);

    private final byte[] bytes;

    public Body(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The bytes themselves, not a copy; must not be changed. */
    public byte[] raw() {
      return bytes;
    }

    public int length() {
      return bytes.length;
    }
  }
}
