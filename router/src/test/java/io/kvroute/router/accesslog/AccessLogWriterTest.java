package io.kvroute.router.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AccessLogWriterTest {

  private static final AccessEntry.Routing ROUTING =
      new AccessEntry.Routing("r2", 1, "tokens", 900, 800, -1);

  private static AccessEntry entry(String model) {
    return new AccessEntry(
        1_700_000_000_123L,
        new AccessEntry.Request("id 1", "10.0.0.9", null, "/v1/completions", model, true),
        ROUTING,
        new AccessEntry.Timing(1_234_567, 2_000, 0, -1, 61_000_000_000L),
        new AccessEntry.Result(200, 7, "complete"));
  }

  private static String written(AccessLogFormat format, AccessEntry entry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AccessLogWriter log = AccessLogWriter.start(format, out, () -> {})) {
      log.add(entry);
    }
    return out.toString(US_ASCII);
  }

  @Test
  void aLineOfJsonHoldsWhatIsKnownAndLeavesOutTheRest() {
    JsonNode line = JsonMapper.shared().readTree(written(AccessLogFormat.JSON, entry("qwen")));

    assertThat(line.toString())
        .isEqualTo(
            """
            {"time":"2023-11-14T22:13:20.123Z","id":"id 1","client":"10.0.0.9",\
            "endpoint":"/v1/completions","model":"qwen","stream":true,"status":200,\
            "end":"complete","replica":"r2","attempts":1,"mode":"tokens","prompt_tokens":900,\
            "matched_tokens":800,"completion_tokens":7,"parse_ms":1.234,"keys_ms":0.002,\
            "route_ms":0.0,"total_ms":61000.0}""");
  }

  @Test
  void aLineOfTextHoldsPairs() {
    assertThat(written(AccessLogFormat.TEXT, entry("qwen")))
        .isEqualTo(
            "time=2023-11-14T22:13:20.123Z id=\"id 1\" client=10.0.0.9 endpoint=/v1/completions"
                + " model=qwen stream=true status=200 end=complete replica=r2 attempts=1"
                + " mode=tokens prompt_tokens=900 matched_tokens=800 completion_tokens=7"
                + " parse_ms=1.234 keys_ms=0.002 route_ms=0.000 total_ms=61000.000\n");
  }

  @Test
  void aNameCannotBeginALineOrControlATerminal() {
    String name = "a\"}\r\n{\"status\":200}\u001b[2J\u2028\u0085\u007fé\\ status=1";
    for (AccessLogFormat format : AccessLogFormat.values()) {
      String line = written(format, entry(name));

      assertThat(line).endsWith("\n").hasLineCount(1).matches("[ -~]+\n");
    }
    JsonNode line = JsonMapper.shared().readTree(written(AccessLogFormat.JSON, entry(name)));
    assertThat(line.path("model").asString()).isEqualTo(name);
    assertThat(line.path("status").asInt()).isEqualTo(200);
  }

  @Test
  void aLongNameIsCut() {
    assertThat(written(AccessLogFormat.JSON, entry("x".repeat(100_000))))
        .contains("x".repeat(256) + "...\"")
        .hasSizeLessThan(800);
  }

  @Test
  void whatAStalledReaderLeavesNoRoomForIsDroppedAndCounted() {
    CountDownLatch stalled = new CountDownLatch(1);
    AtomicInteger dropped = new AtomicInteger();
    AtomicInteger lines = new AtomicInteger();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("written byte by byte");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            try {
              stalled.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            lines.addAndGet((int) new String(bytes, from, length, US_ASCII).lines().count());
          }
        };
    int sent = 3 * AccessLogWriter.CAPACITY;
    try (AccessLogWriter log =
        AccessLogWriter.start(AccessLogFormat.JSON, slow, dropped::incrementAndGet)) {
      for (int i = 0; i < sent; i++) {
        log.add(entry("qwen"));
      }
      assertThat(dropped.get()).isBetween(AccessLogWriter.CAPACITY, 2 * AccessLogWriter.CAPACITY);
      stalled.countDown();
      await().until(() -> lines.get() + dropped.get() == sent);
    }
  }
}
