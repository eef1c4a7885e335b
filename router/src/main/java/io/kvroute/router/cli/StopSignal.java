package io.kvroute.router.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a command that serves learns that it is to end. */
interface StopSignal {

  /** What is to be done when the signal comes. */
  interface Ending {
    void run() throws InterruptedException;
  }

  /** Waits for the signal and has {@code ending} done before the process ends. */
  void await(Ending ending) throws InterruptedException;

  /**
   * SIGTERM or SIGINT. The JVM then runs {@code ending} as a shutdown hook and exits with the
   * signal's code (143, 130), whatever the command returns.
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
    log.info("stopping: no new requests; those under way may end");
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
