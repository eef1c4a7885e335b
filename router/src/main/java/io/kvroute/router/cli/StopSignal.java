package io.kvroute.router.cli;

/** Tells a serving command when to stop. */
interface StopSignal {

  /** The work to do before the process ends. */
  interface Ending {
    void run() throws InterruptedException;
  }

  /** Watches for the signal from now on. Until {@link #await}, it ends the process at once. */
  default void watch() {}

  /** Waits for the signal, then runs {@code ending} on this thread. */
  void await(Ending ending) throws InterruptedException;
}
