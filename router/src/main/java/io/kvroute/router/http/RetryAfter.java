package io.kvroute.router.http;

import io.kvroute.router.openai.ApiError;
import io.kvroute.router.wire.Head;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The {@code Retry-After} header of responses: seconds or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVICE_UNAVAILABLE = 503;

  private RetryAfter() {}

  /**
   * The pause that a replica asks for with a 429 or 503, in nanoseconds, at most a minute; 0 if it
   * asks for none or the header is invalid.
   */
  static long nanos(Head response) {
    boolean asks =
        response.status() == TOO_MANY_REQUESTS || response.status() == SERVICE_UNAVAILABLE;
    return asks ? nanos(response.value("retry-after"), Instant.now()) : 0;
  }

  static long nanos(@Nullable String value, Instant now) {
    if (value == null || value.isBlank()) {
      return 0;
    }
    Duration pause = pause(value.strip(), now);
    if (pause.isNegative()) {
      return 0;
    }
    return (pause.compareTo(LONGEST) > 0 ? LONGEST : pause).toNanos();
  }

  private static Duration pause(String value, Instant now) {
    try {
      if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return value.length() > 9 ? LONGEST : Duration.ofSeconds(Integer.parseInt(value));
      }
      return Duration.between(
          now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }

  /** The header line of a response that the router makes, for a pause of at least one second. */
  static String line(long millis) {
    return "retry-after: " + Math.max(1, Math.ceilDiv(millis, 1_000L)) + "\r\n";
  }

  /** The same line for a pause of one second if the error is a 503; else nothing. */
  static String lineFor(ApiError error) {
    return error.status() == SERVICE_UNAVAILABLE ? line(0) : "";
  }
}
