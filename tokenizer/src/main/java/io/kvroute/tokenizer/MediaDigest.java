package io.kvroute.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Identifies an image, audio or video of a request by its content, or by its address where the
 * content is elsewhere, in 128 bits. Equal media have equal digests in every process.
 */
public record MediaDigest(long high, long low) {

  /** The digest of a data URL, an address or a client's uuid. */
  static MediaDigest of(String identity) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      ByteBuffer words = ByteBuffer.wrap(hash);
      return new MediaDigest(words.getLong(), words.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
