package io.kvroute.router.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command is given of the outside world.
 *
 * @param bytes results, where they are bytes; the same stream as {@code out}
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
