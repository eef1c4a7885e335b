package io.kvroute.router.accesslog;

import org.jspecify.annotations.Nullable;

/**
 * A request that has ended, as the access log shows it. Texts may hold any characters; the log
 * escapes them. Numbers below 0 are unknown and left out.
 *
 * @param endMillis Unix time
 * @param routing null if the request was sent to no replica
 */
public record AccessEntry(
    long endMillis, Request request, @Nullable Routing routing, Timing timing, Result result) {

  /**
   * What the client asked for.
   *
   * @param client the address of the connection's other end
   * @param key the name of the API key; null if no key was required
   * @param endpoint the path; null if it is none of the API's
   */
  public record Request(
      String id,
      String client,
      @Nullable String key,
      @Nullable String endpoint,
      @Nullable String model,
      boolean stream) {}

  /**
   * Where the request was sent.
   *
   * @param replica the last one
   * @param attempts how many replicas it was sent to
   * @param mode how the prompt was known
   * @param matchedTokens prompt tokens predicted in the replica's cache
   * @param cachedTokens prompt tokens in the cache as the engine reports
   */
  public record Routing(
      String replica,
      int attempts,
      String mode,
      int promptTokens,
      int matchedTokens,
      int cachedTokens) {}

  /**
   * Times in nanoseconds.
   *
   * @param parse reading the body for what routing needs
   * @param keys from there until the prompt's keys were known: rendering and tokenizing
   * @param route from there until the request was sent to the last replica
   * @param ttft from the complete request to the first token
   * @param total from the complete request to the end
   */
  public record Timing(long parse, long keys, long route, long ttft, long total) {}

  /**
   * How the request ended.
   *
   * @param status as sent to the client; 499 if the client left
   * @param end {@code complete}, {@code client-left}, or the error that ended it
   */
  public record Result(int status, int completionTokens, String end) {}
}
