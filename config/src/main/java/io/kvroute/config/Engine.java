package io.kvroute.config;

/** What kind of engine a replica is said to run. */
public enum Engine {
  VLLM,
  TRTLLM,
  OPENAI
}
