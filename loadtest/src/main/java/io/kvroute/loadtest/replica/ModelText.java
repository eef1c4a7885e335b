package io.kvroute.loadtest.replica;

import io.kvroute.tokenizer.PromptException;

/** Turns requests into token ids, and provides the words of answers. Thread-safe. */
public interface ModelText {

  /**
   * The token ids of a chat request's prompt.
   *
   * @param body the request's JSON: messages, tools, template options
   * @throws PromptException if the template rejects the request
   */
  int[] chat(byte[] body) throws PromptException;

  /**
   * The token ids of a completion request's prompt.
   *
   * @throws PromptException if the text can't be encoded
   */
  int[] text(String prompt) throws PromptException;

  /**
   * The token ids of an answer's text.
   *
   * @throws PromptException if the text can't be encoded
   */
  int[] answer(String text) throws PromptException;

  /** The words of which answers consist. */
  AnswerWords words();
}
