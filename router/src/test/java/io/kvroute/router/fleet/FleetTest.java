package io.kvroute.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FleetTest {

  private final Fleet fleet = new Fleet();

  private Replica join(int number) {
    return fleet.add(ReplicaSpec.at(URI.create("http://10.0.0." + number + ":8000")));
  }

  private ReplicaView view(Replica replica) {
    return Objects.requireNonNull(fleet.snapshot().replica(replica.id()));
  }

  private static EngineFacts facts(double startedAtSeconds, String... models) {
    List<ServedModel> served = new ArrayList<>();
    for (String model : models) {
      served.add(new ServedModel(model, null, null, 0));
    }
    return new EngineFacts(EngineKind.VLLM, served, 16, 1000, startedAtSeconds);
  }

  @Test
  void anIdDoesNotRevealTheAddress() {
    assertThat(join(7).id().value()).isEqualTo("r1").doesNotContain("10.0.0");
  }

  @Test
  void aReplicaIsReadyOnlyWhenItIsUpAndServesTheModel() {
    Replica replica = join(1);
    assertThat(view(replica).ready("m")).isFalse();
    fleet.up(replica.id());
    assertThat(view(replica).ready("m")).isFalse();
    fleet.report(replica.id(), facts(1, "m"));
    assertThat(view(replica).ready("m")).isTrue();
    fleet.down(replica.id(), "it refuses connections");
    assertThat(view(replica).ready("m")).isFalse();
    assertThat(view(replica).warnings()).containsExactly("it refuses connections");
    fleet.up(replica.id());
    assertThat(view(replica).ready("m")).isTrue();
    assertThat(view(replica).warnings()).isEmpty();
  }

  @Test
  void aDrainingReplicaStaysDrainingAlthoughItAnswers() {
    Replica replica = join(1);
    fleet.up(replica.id());
    fleet.drain(replica.id());
    fleet.up(replica.id());
    fleet.down(replica.id(), "gone");
    assertThat(view(replica).state()).isEqualTo(ReplicaState.DRAINING);
    assertThat(fleet.snapshot().anyReady()).isFalse();
  }

  @Test
  void aDrainLastsOverARestartUntilItIsUndone() {
    Replica replica = join(1);
    fleet.report(replica.id(), facts(100, "m"));
    fleet.up(replica.id());
    fleet.drain(replica.id());
    fleet.down(replica.id(), "gone");
    fleet.report(replica.id(), facts(200, "m"));
    fleet.up(replica.id());
    assertThat(view(replica).ready("m")).isFalse();

    fleet.undrain(replica.id());
    assertThat(view(replica).ready("m")).isTrue();

    fleet.drain(replica.id());
    fleet.down(replica.id(), "it refuses connections");
    fleet.undrain(replica.id());
    assertThat(view(replica).state()).isEqualTo(ReplicaState.DOWN);
    assertThat(view(replica).warnings()).containsExactly("it refuses connections");
  }

  @Test
  void modelsAndAdaptersAreFoundByName() {
    Replica first = join(1);
    Replica second = join(2);
    fleet.report(first.id(), facts(1, "base", "adapter"));
    fleet.report(second.id(), facts(1, "base"));
    assertThat(fleet.snapshot().models()).containsExactly("base", "adapter");
    assertThat(fleet.snapshot().serving("base"))
        .extracting(ReplicaView::id)
        .containsExactly(first.id(), second.id());
    assertThat(fleet.snapshot().serving("adapter"))
        .extracting(ReplicaView::id)
        .containsExactly(first.id());
    assertThat(fleet.snapshot().serving("other")).isEmpty();
  }

  @Test
  void aChangedStartTimeIsARestartAndTheFirstOneIsNot() {
    Replica replica = join(1);
    fleet.report(replica.id(), facts(100, "m"));
    fleet.report(replica.id(), facts(100, "m", "adapter"));
    assertThat(view(replica).restarts()).isZero();
    fleet.report(replica.id(), facts(200, "m"));
    assertThat(view(replica).restarts()).isEqualTo(1);
  }

  @Test
  void anEngineWithoutAStartTimeCountsAsRestartedWhenItAnswersAgain() {
    Replica replica = join(1);
    fleet.report(replica.id(), facts(0, "m"));
    fleet.up(replica.id());
    assertThat(view(replica).restarts()).isZero();
    fleet.down(replica.id(), "it refuses connections");
    fleet.up(replica.id());
    assertThat(view(replica).restarts()).isEqualTo(1);
  }

  @Test
  void everyLoadReportIsAChangeAndOtherReportsOnlyIfTheyDiffer() {
    Replica replica = join(1);
    fleet.report(replica.id(), facts(1, "m"));
    long version = fleet.snapshot().version();
    fleet.report(replica.id(), facts(1, "m"));
    fleet.down(replica.id(), "gone");
    fleet.down(replica.id(), "gone");
    assertThat(fleet.snapshot().version()).isEqualTo(version + 1);
    fleet.report(replica.id(), new EngineLoad(1, 0, 0.1));
    fleet.report(replica.id(), new EngineLoad(1, 0, 0.1));
    assertThat(view(replica).loadReports()).isEqualTo(2);
    assertThat(fleet.snapshot().version()).isEqualTo(version + 3);
  }

  @Test
  void slotsAreReusedAndIdsNever() {
    Replica first = join(1);
    Replica second = join(2);
    fleet.remove(first.id());
    Replica third = join(1);
    assertThat(third.slot()).isEqualTo(first.slot()).isNotEqualTo(second.slot());
    assertThat(third.id()).isNotEqualTo(first.id());
    fleet.remove(first.id());
    assertThat(fleet.snapshot().replicas()).hasSize(2);
  }

  @Test
  void aSnapshotNeverChanges() {
    Replica replica = join(1);
    fleet.report(replica.id(), facts(1, "m"));
    FleetSnapshot before = fleet.snapshot();
    fleet.up(replica.id());
    join(2);
    fleet.report(replica.id(), facts(1, "n"));
    assertThat(before.replicas()).hasSize(1);
    assertThat(before.replicas().getFirst().state()).isEqualTo(ReplicaState.STARTING);
    assertThat(before.models()).containsExactly("m");
    assertThatThrownBy(() -> before.replicas().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> before.serving("m").clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void listenersSeeEveryVersionInOrderWhileManyThreadsReport() {
    List<Replica> replicas = IntStream.range(0, 8).mapToObj(this::join).toList();
    List<Long> versions = new ArrayList<>();
    fleet.listen(snapshot -> versions.add(snapshot.version()));
    long before = fleet.snapshot().version();
    replicas.parallelStream()
        .forEach(
            replica -> {
              for (int i = 0; i < 100; i++) {
                fleet.report(replica.id(), new EngineLoad(i, 0, 0));
              }
            });
    assertThat(versions)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 800).mapToObj(i -> before + i).toList());
    assertThat(fleet.snapshot().replicas())
        .allSatisfy(view -> assertThat(view.load().running()).isEqualTo(99));
  }

  @Test
  void reportsAboutRemovedReplicasAreIgnored() {
    Replica replica = join(1);
    fleet.remove(replica.id());
    long version = fleet.snapshot().version();
    fleet.up(replica.id());
    fleet.report(replica.id(), EngineLoad.NONE);
    assertThat(fleet.snapshot().version()).isEqualTo(version);
  }
}
