package io.kvroute.loadtest.replica;

import io.kvroute.tokenizer.PromptException;

/** A served model's text side: requests to token ids, and words to answer with. Thread-safe. */
public interface ModelText {

  /**
   * The prompt of a chat request, as the engine sees it.
   *
   * @param body the request's JSON: messages, tools, template options
   * @throws PromptException if the template refuses it
   */
  int[] chat(byte[] body) throws PromptException;

  /**
   * The ids of a completion's prompt.
   *
   * @throws PromptException if the text can't be encoded
   */
  int[] text(String prompt) throws PromptException;

  /**
   * The ids of a given answer.
   *
   * @throws PromptException if the text can't be encoded
   */
  int[] answer(String text) throws PromptException;

  /** What answers are made of. */
  AnswerWords words();
}
