package io.kvroute.router.learn;

import io.kvroute.router.index.Holder;
import org.jspecify.annotations.Nullable;

/** Where an engine's events are entered. Called on the thread that applies events. */
public interface EventTarget {

  /** The replica's hand on the index of that block size, or null where there is none. */
  @Nullable Holder holder(int blockSize);

  /**
   * The root of a chain.
   *
   * @param lora the adapter's name, or its number in decimal where an old engine tells only that
   */
  long root(@Nullable String lora, @Nullable String cacheSalt);
}
