package io.kvroute.loadtest.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.oracle.RouterReplay.Hears;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the router's predictions for a replica that reports nothing with records of vLLM 0.32's
 * own scheduler. {@link RouterReplay} plays the recorded workloads, and the recorded cached tokens
 * of each request are the truth.
 */
class ShadowAgainstVllmTest {

  static List<Workload> sequences() throws IOException {
    return kinds("sequence", "sequence-in-little-cache", "sequence-in-chunks");
  }

  static List<Workload> overlapping() throws IOException {
    return kinds("overlapping", "overlapping-and-evicting");
  }

  static List<Workload> waiting() throws IOException {
    return kinds("overlapping-in-little-cache", "preempted", "preempted-in-chunks", "bursts");
  }

  private static List<Workload> kinds(String... names) throws IOException {
    List<String> wanted = List.of(names);
    return Workload.read(Workload.RECORDED).stream()
        .filter(workload -> wanted.contains(workload.name()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void withTheAnswersIdsEachRequestOfASequenceIsPredictedExactly(Workload workload) {
    Tally tally = Tally.of(workload, Hears.IDS);

    assertThat(tally.equal()).isEqualTo(tally.requests()).isGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void fromCountsAloneNoRequestOfASequenceIsPredictedAboveTheTruth(Workload workload) {
    Tally tally = Tally.of(workload, Hears.COUNTS);

    assertThat(tally.above()).isZero();
    assertThat(tally.found()).isGreaterThan(0.8);
    assertThat(Tally.of(workload, Hears.COUNTS_AND_CACHED).above()).isZero();
  }

  @ParameterizedTest
  @MethodSource("overlapping")
  void ofOverlappingRequestsNearlyAllIsPredictedAndHardlyAnythingTooMuch(Workload workload) {
    Tally tally = Tally.of(workload, Hears.IDS);

    assertThat(tally.found()).isGreaterThanOrEqualTo(0.995);
    assertThat(tally.over()).isLessThanOrEqualTo(0.005);
  }

  /**
   * When requests wait for room, the blocks that they find depend on the requests that end before.
   * A prediction from the blocks held at their arrival would be twice the truth under preemption.
   */
  @ParameterizedTest
  @MethodSource("waiting")
  void ofRequestsThatWaitForRoomMostIsPredictedAndLittleTooMuch(Workload workload) {
    for (Hears hears : Hears.values()) {
      Tally tally = Tally.of(workload, hears);

      assertThat(tally.found()).as("%s", tally).isGreaterThan(0.9);
      assertThat(tally.over()).as("%s", tally).isLessThan(0.25);
    }
  }

  /** Compares the predictions for the answered requests with the truth, by request and by token. */
  private record Tally(
      int requests, int equal, int above, long cachedTokens, long foundTokens, long overTokens) {

    static Tally of(Workload workload, Hears hears) {
      int[] predicted = RouterReplay.run(workload, hears);
      int requests = 0;
      int equal = 0;
      int above = 0;
      long cached = 0;
      long found = 0;
      long over = 0;
      for (int n = 0; n < predicted.length; n++) {
        Workload.Request request = workload.requests().get(n);
        if (request.generated() > 0) {
          requests++;
          equal += predicted[n] == request.cached() ? 1 : 0;
          above += predicted[n] > request.cached() ? 1 : 0;
          cached += request.cached();
          found += Math.min(predicted[n], request.cached());
          over += Math.max(0, predicted[n] - request.cached());
        }
      }
      Tally tally = new Tally(requests, equal, above, cached, found, over);
      System.out.printf(
          Locale.ROOT,
          "ShadowAgainstVllmTest: %s, hears %s: %d of %d requests exactly, %d above; %.2f%% of"
              + " cached tokens, %.2f%% over%n",
          workload,
          hears,
          equal,
          requests,
          above,
          100 * tally.found(),
          100 * tally.over());
      return tally;
    }

    double found() {
      return (double) foundTokens / cachedTokens;
    }

    double over() {
      return (double) overTokens / cachedTokens;
    }
  }
}
