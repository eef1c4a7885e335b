package io.kvroute.router.route;

/** How far what an engine tells of its cache is believed. */
public enum EventTrust {
  /** Not at all: the model of its cache says what it holds. */
  NONE,
  /** What it tells is true, but what it stored before is not told: the model may know of that. */
  PARTIAL,
  /** It tells everything. */
  COMPLETE
}
