package io.kvroute.router.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A command's streams and environment.
 *
 * @param bytes binary results; the same stream as {@code out}
 * @param out results
 * @param err messages
 * @param environment variables by name
 */
public record Console(
    OutputStream bytes, PrintWriter out, PrintWriter err, Map<String, String> environment) {

  /** The process's own streams, in UTF-8, and its environment. */
  static Console ofProcess() {
    return new Console(
        System.out,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        System.getenv());
  }
}
