package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.workload.ConversationWorkload;

/**
 * What the demo runs.
 *
 * @param profile of each replica's engine
 */
record DemoOptions(int replicas, EngineProfile profile, ConversationWorkload workload) {

  /**
   * Four replicas and a chat service with documents: 40 conversations of five turns, one arriving
   * every 0.65 seconds on average, each with one of four system prompts, a document of about 1,500
   * tokens and short questions and answers after it. That loads four L4 to about half, and leaves
   * about two thirds of their caches' room to the conversations alive at one time.
   */
  static DemoOptions of(long seed, EngineProfile profile) {
    ConversationWorkload workload =
        new ConversationWorkload(seed, 40, 650, 4, 400, 1_500, 60, 40, 5, 1_200);
    return new DemoOptions(4, profile, workload);
  }
}
