package io.kvroute.loadtest.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.replica.ModelText;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.router.app.StartException;
import io.kvroute.router.fleet.FleetSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Starts simulated replicas of Qwen3 and a router in front of them, on loopback ports. */
public final class Cluster implements AutoCloseable {

  /** The model that the replicas serve. */
  public static final String MODEL = "qwen3";

  private static final int READY_WITHIN_SECONDS = 30;

  private final List<SimulatedReplica> replicas;
  private final RunningRouter router;

  private Cluster(List<SimulatedReplica> replicas, RunningRouter router) {
    this.replicas = replicas;
    this.router = router;
  }

  /**
   * Starts the cluster and waits until the router knows that every replica is up.
   *
   * @param text tokenizer and words, which the replicas share
   * @param seed seed of the first replica's answers; the other replicas get other seeds
   */
  public static Cluster start(
      int count, EngineProfile profile, ModelText text, String policy, long seed)
      throws IOException, ConfigException, StartException, InterruptedException {
    List<SimulatedReplica> replicas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replicas.add(SimulatedReplica.start(ReplicaOptions.of(MODEL, profile, seed + i), text));
    }
    String[] urls = replicas.stream().map(SimulatedReplica::url).toArray(String[]::new);
    ConfigSources sources =
        new ConfigSources()
            .set("listen", "127.0.0.1:0")
            .set("admin-listen", "127.0.0.1:0")
            .set("replicas", urls)
            .set("tokenizers", MODEL + "=bundled:qwen3")
            .set("access-log", "off")
            .set("policy", policy);
    Cluster cluster = new Cluster(replicas, RunningRouter.start(sources.load(), Map.of()));
    cluster.awaitReady();
    return cluster;
  }

  private void awaitReady() throws IOException, InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    router
        .fleet()
        .listen(
            snapshot -> {
              if (allReady(snapshot)) {
                ready.countDown();
              }
            });
    if (!allReady(router.fleet().snapshot()) && !ready.await(READY_WITHIN_SECONDS, SECONDS)) {
      close();
      throw new IOException("the replicas did not come up within " + READY_WITHIN_SECONDS + " s");
    }
  }

  private static boolean allReady(FleetSnapshot snapshot) {
    return snapshot.replicas().stream().allMatch(view -> view.ready(MODEL));
  }

  public List<SimulatedReplica> replicas() {
    return replicas;
  }

  public RunningRouter router() {
    return router;
  }

  /** Base URL of the data port. */
  public URI url() {
    return uri(router.dataAddress());
  }

  /** Base URL of the admin port. */
  public URI adminUrl() {
    return uri(router.adminAddress());
  }

  private static URI uri(InetSocketAddress address) {
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  @Override
  public void close() {
    router.close();
    replicas.forEach(SimulatedReplica::close);
  }
}
