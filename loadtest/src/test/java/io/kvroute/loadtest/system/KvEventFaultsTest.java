package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.replica.KvEventFaults;
import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Tests faults between an engine's KV events and the router, with real ZMQ sockets and a real
 * router. After each fault, the router believes what is true, or nothing.
 */
final class KvEventFaultsTest {

  private static final String GAPS = "kvroute_kv_event_gaps_total{replica=\"r1\"}";
  private static final String RESTARTS = "kvroute_kv_event_restarts_total{replica=\"r1\"}";
  private static final String MALFORMED =
      "kvroute_kv_events_total{replica=\"r1\",type=\"malformed\"}";
  private static final String CLEARED = "kvroute_kv_events_total{replica=\"r1\",type=\"cleared\"}";

  private static ReplicaOptions replica(KvEventOptions events) {
    return ReplicaOptions.of(EventBench.MODEL, EventBench.engine(64), 3).withKvEvents(events);
  }

  private static EventBench bench() throws Exception {
    return new EventBench(replica(KvEventOptions.anywhere("kv@replica")));
  }

  /** Resets the cache; after that, a stream that the router joined late is complete. */
  private static void reset(EventBench bench) throws Exception {
    assertThat(Clusters.post(URI.create(bench.replica().url()), "/reset_prefix_cache", "{}").body())
        .contains("true");
  }

  @Test
  void withoutFaultsEveryPromptIsKnownAtEveryMoment() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      for (int i = 0; i < 40; i++) {
        bench.send(1);
        bench.awaitTruth();
      }
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
      assertThat(bench.metric(GAPS)).isZero();
    }
  }

  @Test
  void lostEventsAreReplayed() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.replica().setKvEventFaults(new KvEventFaults(5, 0));
      bench.send(12);
      bench.awaitTruth();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
      assertThat(bench.json().at("/events/gaps").asInt()).isPositive();
      assertThat(bench.metric(GAPS)).isPositive();
    }
  }

  @Test
  void lostEventsThatCannotBeReplayedEmptyTheView() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events());
      bench.awaitEvents();
      reset(bench);
      bench.send(6);
      bench.awaitState("complete");
      bench.replica().setKvEventFaults(new KvEventFaults(5, 0));
      bench.send(12);
      bench.awaitState("partial");
      bench.awaitNothingUntrue();
      assertThat(bench.json().at("/events/gaps").asInt()).isPositive();
      assertThat(bench.metric(GAPS)).isPositive();

      reset(bench);
      bench.send(3);
      bench.awaitState("complete");
      bench.awaitTruth();
    }
  }

  @Test
  void lostEventsThatTheEngineNoLongerKeepsEmptyTheView() throws Exception {
    try (EventBench bench =
        new EventBench(replica(KvEventOptions.anywhere("").withLimits(2, 1_000)))) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.replica().setKvEventFaults(new KvEventFaults(8, 0));
      bench.send(16);
      bench.awaitState("partial");
      bench.awaitNothingUntrue();
      assertThat(bench.metric(GAPS)).isPositive();
    }
  }

  @Test
  void anEngineThatStartsAgainIsEmpty() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.send(10);
      bench.awaitTruth();
      KvEventOptions samePorts =
          KvEventOptions.at(
              Objects.requireNonNull(bench.replica().kvEventsEndpoint()),
              bench.replica().kvReplayEndpoint(),
              "kv@replica");
      bench.restartReplica(replica(samePorts).withPort(bench.replica().port()));
      bench.awaitTruth();
      assertThat(bench.json().path("blocks_held").asInt()).isZero();
      assertThat(bench.metric(RESTARTS)).isPositive();

      bench.awaitUp();
      bench.send(10);
      bench.awaitTruth();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
    }
  }

  @Test
  void whoJoinsLateIsToldWhatHappenedBefore() throws Exception {
    try (EventBench bench = bench()) {
      bench.send(20);
      bench.route(bench.events(), bench.replay());
      bench.awaitTruth();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
      bench.send(10);
      bench.awaitTruth();
    }
  }

  @Test
  void whoJoinsLateAndCannotAskKnowsOnlyWhatFollows() throws Exception {
    try (EventBench bench = bench()) {
      bench.send(20);
      bench.route(bench.events());
      bench.awaitEvents();
      bench.send(20);
      bench.awaitNothingUntrue();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("partial");
      assertThat(bench.json().path("blocks_held").asInt()).isPositive();
      assertThat(bench.metric(GAPS)).as("joining late is no loss").isZero();
    }
  }

  @Test
  void aConsumerTooSlowForThePublisherAsksForWhatWasDropped() throws Exception {
    ReplicaOptions impatient =
        ReplicaOptions.of(EventBench.MODEL, EventBench.engine(1024), 3)
            .withKvEvents(KvEventOptions.anywhere("").withLimits(10_000, 20));
    try (EventBench bench = new EventBench(impatient);
        StalledPipe pipe =
            new StalledPipe(Objects.requireNonNull(bench.replica().kvEventsEndpoint()))) {
      bench.route("kv-events=" + pipe.endpoint(), bench.replay());
      bench.awaitEvents();
      pipe.stall();
      bench.flood(1_500_000);
      pipe.flow();
      bench.awaitCaughtUpAfterGap();
      bench.send(5);
      bench.awaitTruth();
      assertThat(bench.json().at("/events/gaps").asInt()).isPositive();
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("complete");
    }
  }

  @Test
  void messagesThatAreNoneArePassedOver() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.replica().setKvEventFaults(new KvEventFaults(0, 8));
      bench.send(12);
      bench.awaitTruth();
      assertThat(bench.metric(MALFORMED)).isPositive();
      assertThat(bench.metric(GAPS)).isZero();
    }
  }

  @Test
  void aClearedCacheIsEmpty() throws Exception {
    try (EventBench bench = bench()) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.send(10);
      bench.awaitTruth();
      int held = bench.json().path("blocks_held").asInt();
      reset(bench);
      bench.complete(new int[40]);
      bench.awaitTruth();
      assertThat(bench.json().path("blocks_held").asInt()).isLessThan(held);
      assertThat(bench.metric(CLEARED)).isEqualTo(1);
    }
  }

  @Test
  void aBlockStoredTwiceIsHeldUntilBothCopiesAreGone() throws Exception {
    try (EventBench bench = bench();
        ExecutorService clients = Executors.newFixedThreadPool(3)) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      for (int round = 0; round < 8; round++) {
        int[] prompt = bench.nextPrompt();
        Callable<Void> request =
            () -> {
              bench.complete(prompt);
              return null;
            };
        for (Future<Void> answer : clients.invokeAll(List.of(request, request, request))) {
          answer.get();
        }
        bench.awaitTruth();
        for (int i = 0; i < 4; i++) {
          bench.send(1);
          bench.awaitTruth();
        }
      }
      assertThat(bench.metric(GAPS)).isZero();
    }
  }
}
