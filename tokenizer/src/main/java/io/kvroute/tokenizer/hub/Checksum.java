package io.kvroute.tokenizer.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Verifies a downloaded file against the etag that the hub gave its content. */
final class Checksum {

  private static final int SHA_256_DIGITS = 64;
  private static final int SHA_1_DIGITS = 40;
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksum() {}

  /**
   * Whether the content matches the etag; true if the etag is not a checksum.
   *
   * @param etag a SHA-256, or the SHA-1 of a git blob
   */
  static boolean matches(Path file, String etag) throws IOException {
    if (!etag.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      return true;
    }
    return switch (etag.length()) {
      case SHA_256_DIGITS -> digest("SHA-256", new byte[0], file).equalsIgnoreCase(etag);
      case SHA_1_DIGITS -> {
        String header = "blob " + Files.size(file) + "\0";
        yield digest("SHA-1", header.getBytes(StandardCharsets.US_ASCII), file)
            .equalsIgnoreCase(etag);
      }
      default -> true;
    };
  }

  private static String digest(String algorithm, byte[] header, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(header);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }
}
