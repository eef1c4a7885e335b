package io.kvroute.router.learn;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.route.EventTrust;
import org.jspecify.annotations.Nullable;

/**
 * Where one engine's events are entered, and how they fare is told. Called on the thread that
 * applies events.
 */
public interface EventTarget {

  /**
   * The replica's hand on the index of that block size, or null where there is none. Asked once for
   * each batch of events.
   */
  @Nullable IndexWriter holder(int blockSize);

  /**
   * The root of a chain.
   *
   * @param lora the adapter's name, or its number in decimal where an old engine tells only that
   */
  long root(@Nullable String lora, @Nullable String cacheSalt);

  /** Nothing of what was entered is believed any more. */
  void forget();

  /** The events come from another process than before. */
  default void otherProcess() {}

  /**
   * How the stream fares, after something came or failed to.
   *
   * @param trust how far what was entered can be believed
   * @param batches heard in all
   */
  default void fared(EventTrust trust, long batches) {}

  /** The engine can't be listened to, for now. */
  default void unheard() {}
}
