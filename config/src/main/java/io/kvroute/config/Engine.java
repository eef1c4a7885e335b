package io.kvroute.config;

/** The kind of engine that a replica is configured to run. */
public enum Engine {
  VLLM,
  TRTLLM,
  OPENAI
}
