package io.kvroute.router.accesslog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The layout of a line. */
public enum AccessLogFormat {
  /** One JSON object for each line. */
  JSON,
  /** {@code name=value} pairs; a value with other characters than usual is a JSON string. */
  TEXT;

  /** Appends the line for a request, with its line feed. */
  void append(AccessEntry entry, StringBuilder to) {
    Line line = new Line(this, to);
    AccessEntry.Request request = entry.request();
    line.text("time", Instant.ofEpochMilli(entry.endMillis()).toString());
    line.text("id", request.id());
    line.text("client", request.client());
    line.text("key", request.key());
    line.text("endpoint", request.endpoint());
    line.text("model", request.model());
    line.bare("stream", Boolean.toString(request.stream()));
    line.number("status", entry.result().status());
    line.text("end", entry.result().end());
    AccessEntry.Routing routing = entry.routing();
    if (routing != null) {
      line.text("replica", routing.replica());
      line.number("attempts", routing.attempts());
      line.text("mode", routing.mode());
      line.number("prompt_tokens", routing.promptTokens());
      line.number("matched_tokens", routing.matchedTokens());
      line.number("cached_tokens", routing.cachedTokens());
    }
    line.number("completion_tokens", entry.result().completionTokens());
    line.millis("parse_ms", entry.timing().parse());
    line.millis("keys_ms", entry.timing().keys());
    line.millis("route_ms", entry.timing().route());
    line.millis("ttft_ms", entry.timing().ttft());
    line.millis("total_ms", entry.timing().total());
    line.end();
  }

  /** One line in the making. */
  private static final class Line {
    private final boolean json;
    private final StringBuilder to;
    private boolean empty = true;

    Line(AccessLogFormat format, StringBuilder to) {
      this.json = format == JSON;
      this.to = to;
    }

    void text(String name, @Nullable String value) {
      if (value != null) {
        begin(name);
        if (json || !Quoting.isPlain(value)) {
          Quoting.append(value, to);
        } else {
          to.append(value);
        }
      }
    }

    void number(String name, long value) {
      if (value >= 0) {
        begin(name);
        to.append(value);
      }
    }

    /** Milliseconds with three decimals. */
    void millis(String name, long nanos) {
      if (nanos >= 0) {
        long micros = nanos / 1_000;
        begin(name);
        to.append(micros / 1_000).append('.');
        long fraction = micros % 1_000;
        to.append((char) ('0' + fraction / 100));
        to.append((char) ('0' + fraction / 10 % 10));
        to.append((char) ('0' + fraction % 10));
      }
    }

    void bare(String name, String value) {
      begin(name);
      to.append(value);
    }

    void end() {
      to.append(json ? "}\n" : "\n");
    }

    private void begin(String name) {
      if (json) {
        to.append(empty ? "{\"" : ",\"").append(name).append("\":");
      } else {
        to.append(empty ? "" : " ").append(name).append('=');
      }
      empty = false;
    }
  }
}
