package io.kvroute.loadtest.oracle;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Sends a workload's requests through the router's decision code at their recorded times, with one
 * replica that reports nothing about its cache, and keeps the predictions.
 */
final class RouterReplay {

  /** What the router learns about an answer besides the times of its tokens. */
  enum Hears {
    /** Its ids. */
    IDS,
    /** Its number of tokens. */
    COUNTS,
    /** Its number of tokens, and how many of the prompt were cached. */
    COUNTS_AND_CACHED
  }

  private record Moment(long micros, int order, Runnable action) {}

  private final Workload workload;
  private final Hears hears;
  private final Fleet fleet = new Fleet();
  private final KeySpace keys = new KeySpace(1);
  private final List<Moment> moments = new ArrayList<>();
  private final Reservation[] reservations;
  private final int[] predicted;
  private long nowNanos;
  private final FleetRouter router =
      new FleetRouter(
          fleet,
          RouterOptions.DEFAULTS,
          RouteObserver.NONE,
          () -> nowNanos,
          new SplittableRandom(1));

  private RouterReplay(Workload workload, Hears hears) {
    this.workload = workload;
    this.hears = hears;
    this.reservations = new Reservation[workload.requests().size()];
    this.predicted = new int[reservations.length];
  }

  /** The predicted cached tokens of each request. */
  static int[] run(Workload workload, Hears hears) {
    RouterReplay replay = new RouterReplay(workload, hears);
    replay.play();
    return Arrays.copyOf(replay.predicted, replay.predicted.length);
  }

  private void play() {
    Replica replica = fleet.add(ReplicaSpec.at(URI.create("http://127.0.0.1:1")));
    fleet.report(
        replica.id(),
        new EngineFacts(
            EngineKind.VLLM,
            List.of(new ServedModel("qwen3", null, null, 0)),
            workload.blockSize(),
            workload.blocks(),
            1));
    fleet.up(replica.id());
    for (int n = 0; n < reservations.length; n++) {
      addMoments(n);
    }
    moments.sort(Comparator.comparingLong(Moment::micros).thenComparingInt(Moment::order));
    for (Moment moment : moments) {
      nowNanos = moment.micros() * 1000;
      moment.action().run();
    }
  }

  private void addMoments(int n) {
    Workload.Request request = workload.requests().get(n);
    moments.add(new Moment(request.sent(), 2, () -> send(n)));
    if (request.generated() > 0) {
      moments.add(new Moment(request.first(), 0, () -> reservations[n].firstToken()));
    }
    for (int c = 0; c < request.generated(); c++) {
      double share = request.generated() == 1 ? 0 : (double) c / (request.generated() - 1);
      long at = request.first() + Math.round(share * (request.finished() - request.first()));
      moments.add(new Moment(at, 0, () -> reservations[n].generated(1)));
    }
    moments.add(new Moment(request.finished(), 1, () -> reservations[n].close(outcome(request))));
  }

  private void send(int n) {
    Workload.Request request = workload.requests().get(n);
    int[] ids = request.promptTokens();
    PromptKeys prompt =
        PromptKeys.of(PromptMode.TOKENS, keys.tokenRoot("qwen3", request.salt()), ids, ids.length);
    RouteQuery query = new RouteQuery("qwen3", prompt, null, 1, Set.of());
    reservations[n] = ((Decision.Reserved) router.route(query)).reservation();
    predicted[n] = reservations[n].matchedTokens();
  }

  private Outcome outcome(Workload.Request request) {
    if (request.left()) {
      return new Outcome.ClientLeft();
    }
    Outcome.Answer answer =
        hears == Hears.IDS
            ? new Outcome.Answer.Ids(Arrays.copyOf(request.answerTokens(), request.generated()))
            : new Outcome.Answer.Unknown();
    return new Outcome.Completed(
        request.promptTokens().length,
        request.generated(),
        hears == Hears.COUNTS_AND_CACHED ? request.cached() : -1,
        answer);
  }
}
