package io.kvroute.router.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** One run of the command line, with what it wrote. */
record Session(int exitCode, String out, String err) {

  static Session of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new Console(new PrintWriter(out), new PrintWriter(err), Map.of()), args);
    return new Session(code, out.toString(), err.toString());
  }
}
