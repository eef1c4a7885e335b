package io.kvroute.loadtest.scenario;

/**
 * A sequence of questions. Each prompt contains all questions and answers before it.
 *
 * @param name unique in the run
 * @param opening token ids before the first question; other dialogues may share them
 * @param questionTokens length of each question; its tokens are drawn when it is asked
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Dialogue(String name, int[] opening, int[] questionTokens) {}
