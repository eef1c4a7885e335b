package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that admit a request. A client may send its key as {@code Authorization: Bearer},
 * {@code x-api-key} or {@code api-key}. Compares digests in constant time, so that timing reveals
 * nothing of the keys.
 */
final class ApiKeys {

  private static final String BEARER = "Bearer ";

  private final List<byte[]> digests;
  private final List<String> names;

  ApiKeys(List<String> keys) {
    this.digests = keys.stream().map(key -> digest(key.getBytes(UTF_8))).toList();
    this.names = IntStream.range(0, keys.size()).mapToObj(i -> "api-keys[" + i + "]").toList();
  }

  /**
   * The name of the valid key that the request carries: its place in the setting, such as {@code
   * api-keys[0]}. Empty if no key is required; null if the request is not admitted.
   */
  @Nullable String admit(Head head) {
    if (digests.isEmpty()) {
      return "";
    }
    String key = key(head);
    if (key == null) {
      return null;
    }
    byte[] digest = digest(key.getBytes(ISO_8859_1));
    int known = -1;
    for (int i = 0; i < digests.size(); i++) {
      known = MessageDigest.isEqual(digests.get(i), digest) ? i : known;
    }
    return known < 0 ? null : names.get(known);
  }

  private static @Nullable String key(Head head) {
    String authorization = head.value(KnownHeader.AUTHORIZATION);
    if (authorization != null) {
      return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
          ? authorization.substring(BEARER.length()).strip()
          : null;
    }
    String key = head.value(KnownHeader.X_API_KEY);
    return key != null ? key : head.value(KnownHeader.API_KEY);
  }

  private static byte[] digest(byte[] key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
