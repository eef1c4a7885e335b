package io.kvroute.config;

import java.time.Duration;

/**
 * Sessions, for the policy {@code session} and for ties under {@code kv-aware}.
 *
 * @param header the request header that names the session, in lower case
 * @param expiry how long a session without requests is remembered
 */
public record SessionPolicy(String header, Duration expiry) {

  static final SessionPolicy DEFAULT = new SessionPolicy("x-session-id", Duration.ofHours(2));

  static SessionPolicy read(Section in) {
    return new SessionPolicy(
        in.value("header", DEFAULT.header, ValueTypes.HEADER_NAME),
        in.value("expiry", DEFAULT.expiry, ValueTypes.DURATION));
  }
}
