package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import org.junit.jupiter.api.Test;

/** Tests that the router subscribes to engines that report their event endpoint. */
final class KvEventDiscoveryTest {

  private static final ReplicaOptions SILENT =
      ReplicaOptions.of(EventBench.MODEL, EventBench.engine(64), 3);

  @Test
  void anEngineThatTellsWhereItPublishesIsListenedTo() throws Exception {
    try (EventBench bench = new EventBench(SILENT.withKvEvents(KvEventOptions.anywhere("kv@r")))) {
      bench.send(10);
      bench.route();
      bench.awaitTruth();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
      bench.send(10);
      bench.awaitTruth();
    }
  }

  @Test
  void anEngineThatStartsAgainElsewhereIsFoundAgain() throws Exception {
    ReplicaOptions options = SILENT.withKvEvents(KvEventOptions.anywhere("kv@r"));
    try (EventBench bench = new EventBench(options)) {
      bench.route();
      bench.send(10);
      bench.awaitTruth();
      bench.restartReplica(options.withPort(bench.replica().port()));
      bench.awaitTruth();
      bench.awaitUp();
      bench.send(10);
      bench.awaitTruth();
    }
  }

  @Test
  void anEngineThatPublishesNothingIsModelled() throws Exception {
    try (EventBench bench = new EventBench(SILENT)) {
      bench.route();
      bench.send(5);
      assertThat(bench.json().path("knowledge").asString()).isEqualTo("shadow");
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("off");
    }
  }
}
