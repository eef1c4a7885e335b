package io.kvroute.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.testing.CapturedLog;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FleetLogTest {

  @Test
  void everyChangeOfAReplicasStateIsALine() {
    Fleet fleet = new Fleet();
    FleetLog.start(fleet);
    try (CapturedLog captured = new CapturedLog(FleetLog.class.getName())) {
      Replica replica = fleet.add(ReplicaSpec.at(URI.create("http://10.0.0.1:8000")));
      List<ServedModel> served = List.of(new ServedModel("m", null, null, 0));
      fleet.report(replica.id(), new EngineFacts(EngineKind.VLLM, served, 16, 100, 1));
      fleet.up(replica.id());
      fleet.report(replica.id(), new EngineLoad(1, 0, 0.1));
      fleet.drain(replica.id());
      fleet.down(replica.id(), "it refuses connections");
      fleet.undrain(replica.id());
      fleet.remove(replica.id());

      assertThat(captured.messages())
          .containsExactly(
              "replica r1 at http://10.0.0.1:8000 joins",
              "replica r1 at http://10.0.0.1:8000 is up and serves [m]",
              "replica r1 at http://10.0.0.1:8000 is drained: no new requests until an operator"
                  + " undoes it",
              "replica r1 at http://10.0.0.1:8000 is down: it refuses connections",
              "replica r1 at http://10.0.0.1:8000 is no longer drained",
              "replica r1 is removed");
    }
  }
}
