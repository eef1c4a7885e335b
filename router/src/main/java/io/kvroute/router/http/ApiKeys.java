package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that admit a request. A client may send its key as {@code Authorization: Bearer},
 * {@code x-api-key} or {@code api-key}. Compares digests in constant time, so that timing reveals
 * nothing of the keys.
 */
final class ApiKeys {

  private static final String BEARER = "Bearer ";

  private final List<byte[]> digests;

  ApiKeys(List<String> keys) {
    this.digests = keys.stream().map(key -> digest(key.getBytes(UTF_8))).toList();
  }

  /** Whether the request carries a valid key, or none is required. */
  boolean admit(Head head) {
    if (digests.isEmpty()) {
      return true;
    }
    String key = key(head);
    if (key == null) {
      return false;
    }
    byte[] digest = digest(key.getBytes(ISO_8859_1));
    boolean known = false;
    for (byte[] each : digests) {
      known |= MessageDigest.isEqual(each, digest);
    }
    return known;
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
