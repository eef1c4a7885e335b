package io.kvroute.router.openai;

/** What else in a request bears on its prompt; tells kinds of requests apart. */
public enum Trait {
  /** It offers tools. */
  TOOLS,
  /** It steers the chat template ({@code chat_template_kwargs}, {@code reasoning_effort}). */
  THINKING,
  /** The engine will cut its prompt ({@code truncate_prompt_tokens}). */
  TRUNCATED,
  /** It brings several prompts at once, whose tokens the engine counts together. */
  SEVERAL_PROMPTS,
  /** Its prompt is ids, not text. */
  IDS
}
