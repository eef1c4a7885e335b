package io.kvroute.loadtest.simulate;

/** What a simulated engine tells the router of its cache. */
public enum Knowledge {
  /** Nothing, as vLLM by default: the router sees prompts, first tokens and counts of chunks. */
  COUNTS,

  /** The ids of its answers and the number of cached tokens, where clients ask for them. */
  ANSWERS,

  /** Its KV events. */
  EVENTS
}
