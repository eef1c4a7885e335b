package io.kvroute.loadtest.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine model, step by step, against what vLLM 0.32's own scheduler did. */
class EngineAgainstVllmTest {

  static List<Workload> workloads() throws IOException {
    return Workload.read(Workload.RECORDED);
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void schedulesPreemptsStoresAndRemovesWhatVllmDidInEachStep(Workload workload) {
    assertThat(EngineReplay.run(workload).steps()).isEqualTo(workload.steps());
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void reportsTheCachedTokensThatVllmReportedForEachRequest(Workload workload) {
    List<Integer> vllm = workload.requests().stream().map(Workload.Request::cached).toList();

    assertThat(EngineReplay.run(workload).cachedTokens()).isEqualTo(vllm);
  }
}
