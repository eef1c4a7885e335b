package io.kvroute.router.learn;

/** Is told what happens to one engine's event stream. Called on the thread that applies events. */
public interface EventObserver extends AutoCloseable {

  /** An event was applied. */
  void applied(KvEvent event);

  /** Batches were missed. */
  void gap();

  /** The engine restarted, and its view was emptied. */
  void restarted();

  /** The engine's events cannot be received. */
  void unreachable(String problem);

  /** The replica has left, and its observer is not needed any more. */
  @Override
  default void close() {}

  /** A message could not be read and was skipped. */
  void malformed(String problem);
}
