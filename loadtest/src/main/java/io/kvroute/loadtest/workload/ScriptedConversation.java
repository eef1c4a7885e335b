package io.kvroute.loadtest.workload;

import java.util.List;

/**
 * One user's conversation, written before it starts. Its messages do not depend on the answers;
 * only the time at which the next message is sent does.
 *
 * @param id number of the conversation, from 0
 * @param arrivalMillis time of the first message, from the start of the run
 * @param systemPrompt text of the system prompt
 * @param turns the user's messages, at least one
 */
public record ScriptedConversation(
    int id, long arrivalMillis, String systemPrompt, List<Turn> turns) {

  /**
   * One message of the user.
   *
   * @param text text of the message
   * @param thinkMillis time between the end of the previous answer and this message
   * @param answerTokens length of the answer, in tokens
   */
  public record Turn(String text, long thinkMillis, int answerTokens) {}
}
