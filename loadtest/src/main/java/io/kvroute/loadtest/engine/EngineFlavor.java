package io.kvroute.loadtest.engine;

/** Whose rules an engine follows where they differ. */
public enum EngineFlavor {

  /**
   * vLLM: full blocks are findable from the moment the step that computes them is scheduled; equal
   * blocks are not merged; one block is the engine's own.
   */
  VLLM,

  /**
   * TensorRT-LLM, as its sources read: a prompt's full blocks, without its last token, are findable
   * when its prefill is done, those of its answer when it ends; a block that another sequence
   * stored meanwhile is not stored again; all blocks are for sequences; and a request is admitted
   * only if all that run can reach their limits without losing blocks (GUARANTEED_NO_EVICT).
   */
  TENSORRT_LLM
}
