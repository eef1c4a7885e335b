package io.kvroute.tokenizer.hub;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The metadata of a file, from the headers of the answer to {@code HEAD
 * /MODEL/resolve/REVISION/FILE}, as huggingface_hub reads them.
 *
 * @param commit the commit of the revision
 * @param etag identifies the content: the SHA-256 of a large file, git's SHA-1 of any other
 * @param size in bytes; -1 if the hub does not say
 */
record HubFile(String commit, String etag, long size) {

  /** Etags become file names in the cache, so no other characters are allowed. */
  private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

  /**
   * Reads the headers.
   *
   * @param header looks up the first value of a header by name
   * @throws IOException if they do not describe a file of a model
   */
  static HubFile parse(Function<String, Optional<String>> header) throws IOException {
    String commit = header.apply("x-repo-commit").orElse("");
    if (!ModelId.isCommit(commit)) {
      throw new IOException(
          "x-repo-commit: \"" + commit + "\" (expected: a commit id; is this address a hub?)");
    }
    String etag = unquoted(header.apply("x-linked-etag").or(() -> header.apply("etag")).orElse(""));
    if (!ETAG.matcher(etag).matches()) {
      throw new IOException("etag: \"" + etag + "\" (expected: letters and digits)");
    }
    Optional<String> size = header.apply("x-linked-size").or(() -> header.apply("content-length"));
    return new HubFile(commit, etag, size.isPresent() ? size(size.get()) : -1);
  }

  private static String unquoted(String etag) {
    String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
    boolean quoted = strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"");
    return quoted ? strong.substring(1, strong.length() - 1) : strong;
  }

  private static long size(String text) throws IOException {
    try {
      long size = Long.parseLong(text);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException notANumber) {
      throw new IOException("size: \"" + text + "\" (expected: bytes)", notANumber);
    }
    throw new IOException("size: \"" + text + "\" (expected: bytes)");
  }
}
