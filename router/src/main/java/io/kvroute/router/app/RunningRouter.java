package io.kvroute.router.app;

import io.kvroute.config.Config;
import io.kvroute.router.admin.AdminPort;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.http.DataPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A router that runs: what {@code kvroute serve} starts, and tests and the demo start in their own
 * process. Thread-safe.
 */
public final class RunningRouter implements AutoCloseable {

  private final Wiring wiring;
  private final DataPort data;
  private final AdminPort admin;
  private final Duration shutdownPatience;
  private final AtomicBoolean stopped = new AtomicBoolean();

  RunningRouter(Wiring wiring, DataPort data, AdminPort admin, Duration shutdownPatience) {
    this.wiring = wiring;
    this.data = data;
    this.admin = admin;
    this.shutdownPatience = shutdownPatience;
  }

  /**
   * Starts a router; replicas come up afterwards, as probes reach them.
   *
   * @param environment Hugging Face's variables: {@code HF_HOME}, {@code HF_TOKEN} and their like
   * @throws StartException if a port is taken or a file is missing; nothing is left running then
   */
  public static RunningRouter start(Config config, Map<String, String> environment)
      throws StartException {
    return Wiring.start(config, environment);
  }

  /**
   * Has the JVM compile the way of a request before {@link #start}, by requests to stand-in engines
   * in this process, for at most {@code warm-up}. A fault is logged, and has no other effect.
   */
  public static void warmUp(Config config) throws InterruptedException {
    if (config.warmUp().isPositive()) {
      new WarmUp(config, config.warmUp()).run();
    }
  }

  /** Where clients connect; with the port that the system chose, where it was asked to. */
  public InetSocketAddress dataAddress() {
    return data.address();
  }

  /** Where operators connect. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** The replicas and what is known of them. */
  public Fleet fleet() {
    return wiring.fleet();
  }

  /**
   * Stops without losing a request that ends within {@code timeouts.shutdown}: readiness goes, then
   * nothing new is accepted, then what is under way comes to its end. Waits for that. Does nothing
   * to a router that was stopped before.
   */
  public void shutDown() throws InterruptedException {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    wiring.stopServing();
    try {
      data.shutDown(shutdownPatience);
    } finally {
      closeTheRest();
    }
  }

  /** Stops at once. Does nothing to a router that was stopped before. */
  @Override
  public void close() {
    if (stopped.compareAndSet(false, true)) {
      wiring.stopServing();
      data.close();
      closeTheRest();
    }
  }

  private void closeTheRest() {
    admin.close();
    wiring.close();
  }
}
