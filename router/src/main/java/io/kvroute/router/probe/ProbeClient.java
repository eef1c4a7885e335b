package io.kvroute.router.probe;

import io.kvroute.router.fleet.ReplicaUrl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to replicas, with limits on time and size, so that a replica that hangs or sends
 * without end affects only its own probes. Thread-safe.
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
   * The body of the answer to a GET.
   *
   * @return fails with {@link ProbeException} if there is no answer or its status is not 200
   */
  CompletableFuture<byte[]> get(URI replica, String path) {
    return exchange(HttpRequest.newBuilder(ReplicaUrl.at(replica, path)), settings.timeoutMillis())
        .thenApply(
            answer -> {
              if (answer.statusCode() != OK) {
                throw unexpected(path, answer.statusCode());
              }
              return answer.body();
            });
  }

  /** The status of the answer to a GET; fails with {@link ProbeException} if there is none. */
  CompletableFuture<Integer> status(URI replica, String path) {
    return exchange(HttpRequest.newBuilder(ReplicaUrl.at(replica, path)), settings.timeoutMillis())
        .thenApply(HttpResponse::statusCode);
  }

  /**
   * The answer to a POST that changes nothing, whatever its status. If the connection is lost, as a
   * kept connection may be that the replica has closed meanwhile, the request is sent once more.
   *
   * @param json the request's body
   * @return fails with {@link ProbeException} if there is no answer
   */
  CompletableFuture<HttpResponse<byte[]>> post(
      URI replica, String path, byte[] json, long timeoutMillis) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ReplicaUrl.at(replica, path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json));
    return exchange(request, timeoutMillis)
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof ProbeException lost && lost.connectionLost()
                    ? exchange(request, timeoutMillis)
                    : CompletableFuture.failedFuture(failure));
  }

  static ProbeException unexpected(String path, int status) {
    return new ProbeException("GET " + path + ": status " + status + " (expected: 200)", true);
  }

  private CompletableFuture<HttpResponse<byte[]>> exchange(
      HttpRequest.Builder builder, long timeoutMillis) {
    if (settings.apiKey() != null) {
      builder.setHeader("Authorization", "Bearer " + settings.apiKey());
    }
    HttpRequest request = builder.build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), settings.maxAnswerBytes()));
    return answer
        .copy()
        .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> answer.cancel(true))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(explain(request, timeoutMillis, failure)));
  }

  private static ProbeException explain(
      HttpRequest request, long timeoutMillis, Throwable failure) {
    Throwable cause = cause(failure);
    String sent = request.method() + " " + request.uri().getPath();
    if (cause instanceof TimeoutException) {
      return new ProbeException(sent + ": no answer within " + timeoutMillis + " ms", false);
    }
    if (isUnresolved(cause)) {
      return new ProbeException("its name " + request.uri().getHost() + " has no address", true);
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return new ProbeException("no connection within " + timeoutMillis + " ms", false);
    }
    if (cause instanceof ConnectException) {
      return new ProbeException(connectFailure(cause), true);
    }
    if (cause instanceof IOException) {
      return ProbeException.connectionLost(sent + ": " + cause.getMessage());
    }
    return new ProbeException(sent + ": " + cause, false);
  }

  private static boolean isUnresolved(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  /** The system's own words, but for the most frequent case and for none at all. */
  private static String connectFailure(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.startsWith("Connection refused")
        ? "it refuses connections"
        : "cannot connect: " + message;
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
