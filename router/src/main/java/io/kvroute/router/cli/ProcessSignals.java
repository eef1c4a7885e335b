package io.kvroute.router.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops on SIGTERM or SIGINT and ignores SIGHUP. The first signal lets the waiting command finish
 * its work and return its own exit code. A second one ends the process at once, with 128 plus the
 * signal's number, as a shell reports a killed process.
 *
 * <p>A shutdown hook cannot do this: the JVM exits with the signal's code whatever the hook does,
 * runs hooks for SIGHUP too, and ignores a second signal while they run. The JDK's only interface
 * to signals is {@code sun.misc.Signal} in module {@code jdk.unsupported}. It is called by name,
 * because javac warns of each direct use and offers no way to accept the warning.
 */
final class ProcessSignals implements StopSignal {

  private static final Logger log = LoggerFactory.getLogger(ProcessSignals.class);
  private static final int KILLED = 128;

  private final CountDownLatch stopping = new CountDownLatch(1);
  private boolean serving;

  @Override
  public void watch() {
    handle("TERM");
    handle("INT");
    handle("HUP");
  }

  @Override
  public void await(Ending ending) throws InterruptedException {
    synchronized (this) {
      serving = true;
    }
    stopping.await();
    ending.run();
    log.info("stopped");
  }

  private void handle(String name) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle received =
          MethodHandles.lookup()
              .bind(this, "received", MethodType.methodType(void.class, Object.class))
              .asType(MethodType.methodType(void.class, signal));
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invoke(
              lookup
                  .findConstructor(signal, MethodType.methodType(void.class, String.class))
                  .invoke(name),
              MethodHandleProxies.asInterfaceInstance(handler, received));
    } catch (Throwable e) {
      // The JVM keeps a signal to itself, as with -Xrs, or the system has no such signal.
      log.debug("SIG{} keeps the JVM's own meaning: {}", name, e.toString());
    }
  }

  /** A signal has arrived; called on a thread of its own. */
  @SuppressWarnings("UnusedMethod") // called through its method handle
  private void received(Object signal) {
    String name = signal.toString();
    if (name.equals("SIGHUP")) {
      log.info("ignoring SIGHUP");
    } else {
      stop(name, name.equals("SIGINT") ? 2 : 15);
    }
  }

  private synchronized void stop(String name, int number) {
    if (!serving) {
      Runtime.getRuntime().halt(ExitCode.FINE);
    }
    if (stopping.getCount() == 0) {
      log.warn("{} again: ending at once, requests under way are cut off", name);
      Runtime.getRuntime().halt(KILLED + number);
    }
    log.info("{}: not ready any more; finishing requests; a second signal ends at once", name);
    stopping.countDown();
  }
}
