package io.kvroute.loadtest.engine;

/** Why an engine ended a request. */
public enum FinishReason {
  /** The model ended its answer. */
  STOP,
  /** The request's token limit, or the model's context, was reached. */
  LENGTH,
  /** The client disconnected. */
  ABORT
}
