package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineFlavor;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.replica.ReplicaOptions;
import org.junit.jupiter.api.Test;

/** Tests that the router detects TensorRT-LLM and polls its KV events. */
final class TrtllmEventsTest {

  private static ReplicaOptions trtllm() {
    EngineProfile small = EventBench.engine(128).withFlavor(EngineFlavor.TENSORRT_LLM);
    return ReplicaOptions.of(EventBench.MODEL, small, 3);
  }

  @Test
  void whatTheRouterMatchesIsWhatTheEngineThenReusesAndReports() throws Exception {
    try (EventBench bench = new EventBench(trtllm())) {
      bench.route();
      bench.awaitEvents();
      for (int i = 0; i < 40; i++) {
        bench.awaitTruth();
        int[] prompt = bench.nextPrompt();
        int matched = bench.matchedTokens(prompt);
        assertThat(bench.complete(prompt)).as("cached tokens").isEqualTo(matched);
      }
      assertThat(bench.json().path("engine").asString()).isEqualTo("trtllm");
      assertThat(bench.json().path("block_size").asInt()).isEqualTo(32);
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
    }
  }

  @Test
  void whatAnotherPollerTookIsNotBelievedAndShows() throws Exception {
    try (EventBench bench = new EventBench(trtllm())) {
      bench.route("engine=trtllm");
      bench.awaitEvents();
      bench.steal(20);
      bench.send(20);
      bench.awaitState("partial");
      bench.awaitNothingAbove();
      assertThat(bench.metric("kvroute_kv_event_gaps_total{replica=\"r1\"}")).isPositive();
    }
  }

  @Test
  void anEngineThatStartsAgainIsEmpty() throws Exception {
    try (EventBench bench = new EventBench(trtllm())) {
      bench.route();
      bench.awaitEvents();
      bench.send(10);
      bench.awaitTruth();
      bench.restartReplica(trtllm().withPort(bench.replica().port()));
      bench.awaitUp();
      bench.send(10);
      bench.awaitTruth();
      assertThat(bench.metric("kvroute_kv_event_restarts_total{replica=\"r1\"}")).isPositive();
    }
  }
}
