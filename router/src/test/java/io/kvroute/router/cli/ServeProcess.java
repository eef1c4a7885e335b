package io.kvroute.router.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kvroute serve} as a process of its own, which tests can send signals to. */
final class ServeProcess implements AutoCloseable {

  private static final Pattern GREETING =
      Pattern.compile("kvroute listens on ([^,]+), admin on ([^;]+);.*");

  private final Process process;
  private final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
  private final URI data;
  private final URI admin;

  /** Starts a router in front of one engine, with settings from {@code environment}. */
  ServeProcess(String engine, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--replica",
                engine,
                "--listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0"));
    builder.environment().put("KVROUTE_WARM_UP", "0s");
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    Matcher greeting = greeting(lines);
    data = URI.create("http://" + greeting.group(1));
    admin = URI.create("http://" + greeting.group(2));
    Thread.ofVirtual().start(() -> collect(lines));
  }

  private Matcher greeting(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      output.add(line);
      Matcher greeting = GREETING.matcher(line);
      if (greeting.matches()) {
        return greeting;
      }
    }
    throw new IOException("the router did not start: " + output);
  }

  private void collect(BufferedReader lines) {
    try {
      lines.lines().forEach(output::add);
    } catch (UncheckedIOException e) {
      // The process was killed.
    }
  }

  URI data() {
    return data;
  }

  URI admin() {
    return admin;
  }

  /** Standard output and standard error so far, in lines. */
  List<String> output() {
    return List.copyOf(output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal, such as {@code TERM}. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  /** Waits for the process to end and returns its exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running: " + output);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
