package io.kvroute.loadtest.simulate;

/** What a simulated engine reports to the router about its cache. */
public enum Knowledge {
  /** Nothing, as vLLM does by default. The router sees prompts, first tokens and chunk counts. */
  COUNTS,

  /** The token ids of its answers and the number of cached prompt tokens. */
  ANSWERS,

  /** Its KV events. */
  EVENTS
}
