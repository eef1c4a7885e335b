package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.verify.RecordedRequest;
import io.kvroute.loadtest.verify.Recordings;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.route.RouteObserver;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.RouterOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Plays overlapping recorded requests of a real vLLM on the decision code, at their times. */
final class ShadowUnderConcurrencyTest {

  private static final Path CONCURRENT =
      Path.of("src/test/resources/vllm-0.32/concurrent.jsonl.gz");

  private record Moment(long atNanos, int order, Runnable action) {}

  private final Fleet fleet = new Fleet();
  private final long root = new KeySpace(1).tokenRoot("qwen3", null);
  private long nowNanos;
  private final FleetRouter router =
      new FleetRouter(
          fleet,
          RouterOptions.DEFAULTS,
          RouteObserver.NONE,
          () -> nowNanos,
          new SplittableRandom(1));

  @Test
  void nearlyAllCachedTokensArePredictedAndHardlyAnyTooMany() throws Exception {
    Replica replica = fleet.add(ReplicaSpec.at(URI.create("http://127.0.0.1:1")));
    fleet.report(
        replica.id(),
        new EngineFacts(
            EngineKind.VLLM, List.of(new ServedModel("qwen3", null, null, 0)), 32, 256, 1));
    fleet.up(replica.id());
    List<RecordedRequest> requests = Recordings.requests(CONCURRENT);
    Reservation[] reservations = new Reservation[requests.size()];
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < reservations.length; i++) {
      addMoments(moments, requests.get(i), i, reservations);
    }
    moments.sort(Comparator.comparingLong(Moment::atNanos).thenComparingInt(Moment::order));
    for (Moment moment : moments) {
      nowNanos = moment.atNanos();
      moment.action().run();
    }
    long cached = 0;
    long found = 0;
    long over = 0;
    for (int i = 0; i < reservations.length; i++) {
      int predicted = reservations[i].matchedTokens();
      int truth = requests.get(i).cachedTokens();
      cached += truth;
      found += Math.min(predicted, truth);
      over += Math.max(0, predicted - truth);
    }
    System.out.printf(
        "ShadowUnderConcurrencyTest: %.2f%% of cached tokens predicted, %.2f%% over%n",
        100.0 * found / cached, 100.0 * over / cached);
    assertThat((double) found / cached).isGreaterThanOrEqualTo(0.995);
    assertThat((double) over / cached).isLessThanOrEqualTo(0.005);
  }

  private void addMoments(
      List<Moment> moments, RecordedRequest request, int n, Reservation[] reservations) {
    RecordedRequest.Times times = request.times();
    if (times == null) {
      throw new IllegalArgumentException("a request without times");
    }
    moments.add(new Moment(times.sent(), 2, () -> reservations[n] = send(request)));
    moments.add(new Moment(times.firstToken(), 0, () -> reservations[n].firstToken()));
    int chunks = request.output().length;
    for (int c = 0; c < chunks; c++) {
      double share = chunks == 1 ? 0 : (double) c / (chunks - 1);
      long at = times.firstToken() + Math.round(share * (times.finished() - times.firstToken()));
      moments.add(new Moment(at, 0, () -> reservations[n].generated(1)));
    }
    moments.add(new Moment(times.finished(), 1, () -> reservations[n].close(outcome(request))));
  }

  private Reservation send(RecordedRequest request) {
    int[] ids = request.prompt();
    PromptKeys keys = PromptKeys.of(PromptMode.TOKENS, root, ids, ids.length);
    RouteQuery query = new RouteQuery("qwen3", keys, null, 1, Set.of());
    return ((Decision.Reserved) router.route(query)).reservation();
  }

  private static Outcome outcome(RecordedRequest request) {
    return new Outcome.Completed(
        request.prompt().length,
        request.output().length,
        -1,
        new Outcome.Answer.Ids(request.output()));
  }
}
