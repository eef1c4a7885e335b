package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Adds {@code stream_options.include_usage} to a request body without parsing it: inserts the
 * member before the last closing brace. {@link InjectedUsageFilter} hides the resulting usage event
 * from the client. Costs one copy of the body. For example:
 *
 * <pre>
 *   {"model":"m","stream":true}
 *   {"model":"m","stream":true,"stream_options":{"include_usage":true}}
 * </pre>
 *
 * <p>If a JSON object has several members with the same name, the parsers of engines use the last
 * one. The insertion therefore also works if the body has {@code "stream_options":null}.
 */
public final class UsageInjection {

  private static final byte[] MEMBER =
      ",\"stream_options\":{\"include_usage\":true}".getBytes(US_ASCII);

  private UsageInjection() {}

  /**
   * A copy of the body with {@code stream_options} as its last member.
   *
   * @param body a JSON object with at least one member, as checked by {@link RequestScanner}
   */
  public static byte[] into(byte[] body) {
    int brace = body.length - 1;
    while (body[brace] != '}') {
      brace--;
    }
    byte[] spliced = new byte[body.length + MEMBER.length];
    System.arraycopy(body, 0, spliced, 0, brace);
    System.arraycopy(MEMBER, 0, spliced, brace, MEMBER.length);
    System.arraycopy(body, brace, spliced, brace + MEMBER.length, body.length - brace);
    return spliced;
  }
}
