package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Asks a stream for its usage. */
public final class UsageSplice {

  private static final byte[] MEMBER =
      ",\"stream_options\":{\"include_usage\":true}".getBytes(US_ASCII);

  private UsageSplice() {}

  /**
   * A copy of the body with {@code stream_options} as its last member, which counts where there are
   * several.
   *
   * @param body a JSON object that has members, as {@link RequestScanner} found
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
