package io.kvroute.router.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.util.Map;

/** One run of the command line with its output. */
record Session(int exitCode, String out, String err) {

  /** A router that serves at once. */
  private static final Map<String, String> ENVIRONMENT = Map.of("KVROUTE_WARM_UP", "0s");

  static Session of(String... args) {
    return of(ending -> {}, args);
  }

  static Session of(StopSignal stop, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            out, new PrintWriter(out, true, UTF_8), new PrintWriter(err, true, UTF_8), ENVIRONMENT);
    int code = Main.run(console, stop, args);
    return new Session(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
