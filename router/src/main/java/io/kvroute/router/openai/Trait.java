package io.kvroute.router.openai;

/** Other features of a request that influence its prompt; they distinguish kinds of requests. */
public enum Trait {
  /** The request offers tools. */
  TOOLS,
  /**
   * The request sets arguments of the chat template ({@code chat_template_kwargs}, {@code
   * reasoning_effort}).
   */
  THINKING,
  /** The engine will truncate the prompt ({@code truncate_prompt_tokens}). */
  TRUNCATED,
  /** The request carries several prompts, whose tokens the engine counts together. */
  SEVERAL_PROMPTS,
  /** The prompt consists of token ids, not text. */
  IDS
}
