package io.kvroute.router.learn;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.route.EventTrust;
import org.jspecify.annotations.Nullable;

/**
 * Receives the blocks of one engine's events and the state of their stream. Called on the thread
 * that applies events.
 */
public interface EventTarget {

  /**
   * The writer of the replica's slot in the index of that block size; null if there is none. Called
   * once for each batch of events.
   */
  @Nullable IndexWriter writer(int blockSize);

  /**
   * The root key of a chain of blocks.
   *
   * @param lora the adapter's name, or its number in decimal if the engine reports only that (up to
   *     vLLM 0.10)
   */
  long root(@Nullable String lora, @Nullable String cacheSalt);

  /** Removes all blocks entered so far. */
  void forget();

  /** The events now come from another engine process than before. */
  default void processChanged() {}

  /**
   * The stream's state may have changed.
   *
   * @param trust how far the blocks entered can be trusted
   * @param batches batches received so far
   */
  default void streamChanged(EventTrust trust, long batches) {}

  /** The engine's events cannot be received at present. */
  default void unreachable() {}
}
