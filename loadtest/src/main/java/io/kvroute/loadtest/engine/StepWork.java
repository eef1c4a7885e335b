package io.kvroute.loadtest.engine;

/**
 * One sequence's part of a step, from which a {@link StepTimer} computes the step's duration.
 *
 * @param requestId the sequence's request
 * @param contextTokens tokens whose KV exists before the step
 * @param newTokens tokens computed in the step, at least 1
 * @param samples whether the step generates a token of the answer
 * @param answerTokens tokens of the answer before the step
 */
public record StepWork(
    long requestId, int contextTokens, int newTokens, boolean samples, int answerTokens) {

  /** Whether the step only continues the answer. */
  public boolean isDecode() {
    return newTokens == 1 && answerTokens > 0;
  }
}
