package io.kvroute.loadtest.system;

import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.tokenizer.BundledModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Small, fast clusters for system tests, and the values that tests read from them. */
final class Clusters {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Clusters() {}

  /** An engine that prefills 20,000 tokens per second and needs {@code itlMillis} per token. */
  static EngineProfile engine(double itlMillis) {
    EngineProfile profile = EngineProfile.qwen3OnL4().withBlocks(1024, 16);
    return profile.withCost(profile.cost().withInterTokenMillis(itlMillis).withPrefillRate(20_000));
  }

  static Cluster start(int replicas, double itlMillis) throws Exception {
    return start(replicas, engine(itlMillis));
  }

  static Cluster start(int replicas, EngineProfile profile) throws Exception {
    TokenizerText text = TokenizerText.open(BundledModel.qwen3());
    return Cluster.start(replicas, profile, text, "kv-aware", 1);
  }

  static HttpResponse<String> post(URI base, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  static JsonNode getJson(URI base, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).build();
    return json(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** The value of one series of {@code /metrics}; 0 if there is none. */
  static double metric(URI admin, String series) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(admin.resolve("/metrics")).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }

  /** Waits until the router has no reserved request, which must hold after every test. */
  static void awaitIdle(Cluster cluster) {
    await()
        .untilAsserted(
            () -> {
              for (JsonNode replica : getJson(cluster.adminUrl(), "/replicas").path("replicas")) {
                if (replica.path("inflight").asInt() != 0
                    || replica.path("queued_prefill_tokens").asInt() != 0) {
                  throw new AssertionError("still busy: " + replica);
                }
              }
            });
  }

  /** The number of requests that run or wait in any engine. */
  static int atEngines(Cluster cluster) {
    int requests = 0;
    for (SimulatedReplica replica : cluster.replicas()) {
      requests += replica.stats().engine().running() + replica.stats().engine().waiting();
    }
    return requests;
  }

  static long aborted(Cluster cluster) {
    long aborted = 0;
    for (SimulatedReplica replica : cluster.replicas()) {
      aborted += replica.stats().engine().finished().aborted();
    }
    return aborted;
  }
}
