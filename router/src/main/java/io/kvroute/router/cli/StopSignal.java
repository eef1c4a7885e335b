package io.kvroute.router.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a serving command when to stop. */
interface StopSignal {

  /** The work to do before the process ends. */
  interface Ending {
    void run() throws InterruptedException;
  }

  /** Waits for the signal and runs {@code ending} before the process ends. */
  void await(Ending ending) throws InterruptedException;

  /**
   * SIGTERM or SIGINT. The JVM runs {@code ending} as a shutdown hook and exits with the signal's
   * code (143 or 130), whatever the command returns.
   */
  static StopSignal ofProcess() {
    return ending -> {
      CountDownLatch ended = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(ending, ended), "shutdown"));
      ended.await();
    };
  }

  private static void end(Ending ending, CountDownLatch ended) {
    Logger log = LoggerFactory.getLogger(StopSignal.class);
    log.info("stopping: accepting no new requests, finishing running ones");
    try {
      ending.run();
      log.info("stopped");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }
}
