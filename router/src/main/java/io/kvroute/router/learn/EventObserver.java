package io.kvroute.router.learn;

/**
 * Told of what one engine's event stream goes through; called on the thread that applies events.
 */
public interface EventObserver extends AutoCloseable {

  /** An event was applied. */
  void applied(KvEvent event);

  /** Batches were missed. */
  void gap();

  /** The engine started again; its view was emptied. */
  void restarted();

  /** The engine cannot be listened to at all. */
  void unheard(String problem);

  /** The replica is heard no more, and its observer not needed. */
  @Override
  default void close() {}

  /** A message could not be read and was passed over. */
  void malformed(String problem);
}
