package io.kvroute.loadtest.scenario;

/**
 * Question after answer, each prompt holding all that was said.
 *
 * @param name unlike that of any other in the run
 * @param opening what stands before the first question; others may begin with the same
 * @param questionTokens the length of each question; the tokens are drawn when it is asked
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Dialogue(String name, int[] opening, int[] questionTokens) {}
