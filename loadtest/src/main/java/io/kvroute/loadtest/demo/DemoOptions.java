package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.workload.ConversationWorkload;

/**
 * The settings of the demo.
 *
 * @param replicas number of replicas
 * @param profile profile of each replica's engine
 * @param workload the conversations
 */
record DemoOptions(int replicas, EngineProfile profile, ConversationWorkload workload) {

  /**
   * Four replicas and a chat service with documents: 40 conversations of five turns. One arrives
   * every 0.65 seconds on average; each has one of four system prompts, a document of about 1,500
   * tokens, and short questions and answers after it. This loads four L4 to about half of their
   * capacity, and the conversations that are active at one time fill about two thirds of the
   * caches.
   */
  static DemoOptions of(long seed, EngineProfile profile) {
    ConversationWorkload workload =
        new ConversationWorkload(
            seed, 40, 650, 4, new ConversationWorkload.Lengths(400, 1_500, 60, 40), 5, 1_200);
    return new DemoOptions(4, profile, workload);
  }
}
