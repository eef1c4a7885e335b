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
 * A running router: started by {@code kvroute serve}, and by tests and the demo in their own
 * process. Thread-safe.
 */
public final class RunningRouter implements AutoCloseable {

  private final Wiring wiring;
  private final DataPort data;
  private final AdminPort admin;
  private final Duration shutdownGracePeriod;
  private final AtomicBoolean stopped = new AtomicBoolean();

  RunningRouter(Wiring wiring, DataPort data, AdminPort admin, Duration shutdownGracePeriod) {
    this.wiring = wiring;
    this.data = data;
    this.admin = admin;
    this.shutdownGracePeriod = shutdownGracePeriod;
  }

  /**
   * Starts a router; replicas come up afterwards, when probes reach them.
   *
   * @param environment Hugging Face's variables, such as {@code HF_HOME} and {@code HF_TOKEN}
   * @throws StartException if a port is in use or a file is missing; nothing is left running then
   */
  public static RunningRouter start(Config config, Map<String, String> environment)
      throws StartException {
    return Wiring.start(config, environment);
  }

  /**
   * Sends requests through the router's code to stand-in engines in this process, so that the JVM
   * has compiled that code before {@link #start}. Takes at most {@code warm-up}. A failure is
   * logged and has no other effect.
   */
  public static void warmUp(Config config) throws InterruptedException {
    if (config.warmUp().isPositive()) {
      new WarmUp(config, config.warmUp()).run();
    }
  }

  /** The data port's address, with the port that the system chose if asked to. */
  public InetSocketAddress dataAddress() {
    return data.address();
  }

  /** The admin port's address. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** The replicas and their state. */
  public Fleet fleet() {
    return wiring.fleet();
  }

  /**
   * Stops gracefully and waits until it is done: readiness fails first; after {@code
   * timeouts.drain-delay} no new request is accepted; running requests may finish within {@code
   * timeouts.shutdown}, and what is left ends with an error. Does nothing if already stopped.
   */
  public void shutDown() throws InterruptedException {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    wiring.stopServing();
    try {
      data.shutDown(shutdownGracePeriod);
    } finally {
      closeOthers();
    }
  }

  /** Stops at once. Does nothing if already stopped. */
  @Override
  public void close() {
    if (stopped.compareAndSet(false, true)) {
      wiring.stopServing();
      data.close();
      closeOthers();
    }
  }

  private void closeOthers() {
    admin.close();
    wiring.close();
  }
}
