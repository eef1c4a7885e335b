package io.kvroute.loadtest.workload;

import java.util.List;

/**
 * One user's conversation, laid down before it starts: what is said does not depend on what is
 * answered, only when the next turn can be sent does.
 *
 * @param arrivalMillis when its first turn is sent, from the start of the run
 * @param turns at least one
 */
public record Conversation(int id, long arrivalMillis, String systemPrompt, List<Turn> turns) {

  /**
   * One message of the user and how it is answered.
   *
   * @param thinkMillis how long after the previous answer's end it is sent
   * @param answerTokens how long an answer it asks for
   */
  public record Turn(String text, long thinkMillis, int answerTokens) {}
}
