package io.kvroute.loadtest.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the engine model step by step with records of vLLM 0.32's own scheduler.
 *
 * <p>Each recorded workload has the requests, the operations in order (request sent, client
 * disconnected, step, reset) and one line per step. {@link EngineReplay} applies the operations to
 * the engine model and writes the same lines. Source: src/test/python/vllm-oracle.
 *
 * <p>Example with a prompt of 157 tokens and blocks of 32:
 *
 * <pre>
 * operations   +0, step, step, step, step
 * step 1       0:157|S&gt;0,1,2,3#eff9ee25   computes 157 tokens of request 0, stores blocks 0 to 3
 * step 2, 3    0:1                        computes one token of the answer
 * step 4       0:1|S3&gt;4#b02a52fb          fills block 4, whose parent is block 3
 * </pre>
 */
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
