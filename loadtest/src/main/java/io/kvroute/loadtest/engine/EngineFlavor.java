package io.kvroute.loadtest.engine;

/** The engine whose scheduling and caching rules the model follows where they differ. */
public enum EngineFlavor {

  /**
   * vLLM: a full block can be found as soon as the step that computes it is scheduled. Equal blocks
   * are not merged. One block, the null block, belongs to the engine.
   */
  VLLM,

  /**
   * TensorRT-LLM, according to its source code: a prompt's full blocks, not counting its last
   * token, can be found when its prefill ends; its answer's blocks when the answer ends. A block
   * that another sequence has stored meanwhile is not stored again. Sequences can use all blocks. A
   * request is admitted only if all running requests can reach their limits without losing blocks
   * (GUARANTEED_NO_EVICT).
   */
  TENSORRT_LLM
}
