package io.kvroute.loadtest.engine;

/**
 * One sequence's part of a step, as a step's time depends on it.
 *
 * @param requestId whose
 * @param contextTokens tokens whose KV exists before the step
 * @param newTokens tokens computed in the step, at least 1
 * @param samples whether the step yields a token of the answer
 * @param answerTokens tokens of the answer there are before the step
 */
public record StepWork(
    long requestId, int contextTokens, int newTokens, boolean samples, int answerTokens) {

  /** Whether the step only continues the answer. */
  public boolean isDecode() {
    return newTokens == 1 && answerTokens > 0;
  }
}
