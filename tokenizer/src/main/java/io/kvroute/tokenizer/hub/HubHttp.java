package io.kvroute.tokenizer.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP client for the hub. Follows redirects itself, so that the token is sent only to the hub and
 * never from https to http. A call fails if no more data arrives for the timeout.
 */
final class HubHttp implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;

  private final HttpClient client;
  private final URI endpoint;
  private final @Nullable String token;
  private final Duration timeout;

  /**
   * @param token sent as a bearer token; null for none
   * @param timeout for connecting, for the headers of the answer, and between two parts of its body
   */
  HubHttp(URI endpoint, @Nullable String token, Duration timeout) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.endpoint = endpoint;
    this.token = token;
    this.timeout = timeout;
  }

  /** The address of a file of a model. */
  URI resolve(ModelId id, String revision, String file) {
    String base = endpoint.toString();
    String slash = base.endsWith("/") ? "" : "/";
    return URI.create(base + slash + id.name() + "/resolve/" + revision + "/" + file);
  }

  /**
   * The headers of a file. Follows redirects within the hub, which occur for renamed models, but
   * not a redirect to the storage of the content, because the answer of the hub itself describes
   * the file.
   */
  HttpResponse<Void> head(URI address) throws IOException {
    return send(address, "HEAD", -1, HttpResponse.BodyHandlers.discarding(), () -> 0, false);
  }

  /**
   * The content of a file.
   *
   * @param from the first byte to fetch; 0 for all of it
   * @param received counts the bytes received so far; an answer that stops growing is aborted
   */
  <T> HttpResponse<T> get(URI address, long from, BodyHandler<T> body, LongSupplier received)
      throws IOException {
    return send(address, "GET", from, body, received, true);
  }

  private <T> HttpResponse<T> send(
      URI first,
      String method,
      long from,
      BodyHandler<T> body,
      LongSupplier received,
      boolean toOtherHosts)
      throws IOException {
    URI address = first;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .timeout(timeout)
              .header("User-Agent", "kvroute")
              .method(method, HttpRequest.BodyPublishers.noBody());
      // Sizes and ranges must refer to the file itself, not to a compressed form.
      request.header("Accept-Encoding", "identity");
      if (token != null && sameHost(address, endpoint)) {
        request.header("Authorization", "Bearer " + token);
      }
      if (from > 0) {
        request.header("Range", "bytes=" + from + "-");
      }
      HttpResponse<T> response = await(client.sendAsync(request.build(), body), received, address);
      URI next = redirect(address, response);
      if (next == null || (!toOtherHosts && !sameHost(next, address))) {
        return response;
      }
      address = next;
    }
    throw new IOException(first + ": more than " + MAX_REDIRECTS + " redirects");
  }

  private static @Nullable URI redirect(URI address, HttpResponse<?> response) throws IOException {
    if (response.statusCode() < 301 || response.statusCode() > 308) {
      return null;
    }
    String location = response.headers().firstValue("location").orElse("");
    try {
      URI next = address.resolve(location);
      boolean web = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
      if (!web || next.getHost() == null || location.isEmpty()) {
        throw new IOException(
            address + ": redirects to \"" + location + "\" (expected: an http or https address)");
      }
      if ("https".equals(address.getScheme()) && !"https".equals(next.getScheme())) {
        throw new IOException(address + ": redirects from https to " + next);
      }
      return next;
    } catch (IllegalArgumentException e) {
      throw new IOException(address + ": redirects to \"" + location + "\"", e);
    }
  }

  private static boolean sameHost(URI one, URI other) {
    return one.getPort() == other.getPort()
        && String.valueOf(one.getScheme()).equals(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost());
  }

  private <T> HttpResponse<T> await(
      CompletableFuture<HttpResponse<T>> answer, LongSupplier received, URI address)
      throws IOException {
    long before = -1;
    try {
      while (true) {
        try {
          return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          long now = received.getAsLong();
          if (now <= before) {
            throw new IOException(address + ": no data received for " + timeout, e);
          }
          before = now;
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(address + ": " + cause, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(address + ": interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
