package io.kvroute.router.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GETs from replicas with bounds on time and size, so that a replica that hangs or never stops
 * talking costs nothing but its own round. Thread-safe.
 */
final class ProbeClient implements AutoCloseable {

  private static final int OK = 200;

  private final HttpClient http;
  private final ProbeSettings settings;

  ProbeClient(ProbeSettings settings, Executor executor) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(settings.timeoutMillis()))
            .executor(executor)
            .build();
  }

  /**
   * The body of the answer.
   *
   * @return fails with {@link ProbeException} where there is none, or its status is not 200
   */
  CompletableFuture<byte[]> get(URI replica, String path) {
    return exchange(replica, path)
        .thenApply(
            answer -> {
              if (answer.statusCode() != OK) {
                throw unexpected(path, answer.statusCode());
              }
              return answer.body();
            });
  }

  /** The status of the answer; fails with {@link ProbeException} where there is none. */
  CompletableFuture<Integer> status(URI replica, String path) {
    return exchange(replica, path).thenApply(HttpResponse::statusCode);
  }

  static ProbeException unexpected(String path, int status) {
    return new ProbeException("GET " + path + ": status " + status + " (expected: 200)", true);
  }

  private CompletableFuture<HttpResponse<byte[]>> exchange(URI replica, String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(at(replica, path)).GET();
    if (settings.apiKey() != null) {
      request.header("Authorization", "Bearer " + settings.apiKey());
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), settings.maxAnswerBytes()));
    return answer
        .copy()
        .orTimeout(settings.timeoutMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> answer.cancel(true))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(explain(path, failure)));
  }

  private ProbeException explain(String path, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException) {
      return new ProbeException(
          "GET " + path + ": no answer within " + settings.timeoutMillis() + " ms", false);
    }
    if (cause instanceof ConnectException) {
      return new ProbeException("it refuses connections", true);
    }
    String what = cause instanceof IOException ? cause.getMessage() : cause.toString();
    return new ProbeException("GET " + path + ": " + what, false);
  }

  private static URI at(URI replica, String path) {
    String base = replica.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
