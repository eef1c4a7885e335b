package io.kvroute.router.route;

/** How far a replica's KV events are trusted. */
public enum EventTrust {
  /** Not at all: the shadow says what the cache holds. */
  NONE,
  /** What the events report is true but may not be everything: the shadow may know of more. */
  PARTIAL,
  /** The events report everything that the cache holds. */
  COMPLETE
}
