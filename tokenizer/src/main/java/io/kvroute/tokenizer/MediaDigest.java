package io.kvroute.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A 128-bit identifier of an image, audio or video: of its content, or of its address where the
 * content is stored elsewhere. Equal media have equal digests in every process.
 */
public record MediaDigest(long high, long low) {

  /** The digest of a data URL, of an address, or of a uuid given by the client. */
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
