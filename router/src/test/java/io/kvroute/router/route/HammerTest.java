package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many threads use one router while replicas join, leave, fail and restart. */
final class HammerTest {

  private static final int THREADS = 4;
  private static final int REQUESTS = 1500;
  private static final int MOST_OPEN = 40;

  @ParameterizedTest
  @ValueSource(strings = {"kv-aware", "prefix-hash", "session", "round-robin"})
  void everythingReservedIsReleasedWhateverHappensMeanwhile(String policy) throws Exception {
    TestFleet fleet = new TestFleet(6, policy, 1);
    AtomicLong routed = new AtomicLong();
    AtomicLong closed = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        SplittableRandom random = new SplittableRandom(100 + t);
        work.add(() -> request(fleet, random, routed, closed));
      }
      work.add(() -> change(fleet, new SplittableRandom(99)));
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(routed.get()).isPositive();
    assertThat(closed.get()).isEqualTo(routed.get());
    fleet.assertNothingIsReserved();
    assertThat(fleet.allStats())
        .allSatisfy(
            stats ->
                assertThat(stats.cache().heldBlocks())
                    .isLessThanOrEqualTo(stats.cache().capacityBlocks()));
  }

  private static boolean request(
      TestFleet fleet, SplittableRandom random, AtomicLong routed, AtomicLong closed) {
    ArrayDeque<Reservation> open = new ArrayDeque<>();
    for (int i = 0; i < REQUESTS; i++) {
      RouteQuery query =
          TestFleet.query(
              TestFleet.prompt(random.nextInt(30), 16 + random.nextInt(800)),
              random.nextBoolean() ? "s" + random.nextInt(20) : null);
      if (fleet.router.route(query) instanceof Decision.Reserved reserved) {
        routed.incrementAndGet();
        open.addLast(reserved.reservation());
      }
      if (random.nextInt(20) == 0) {
        fleet.router.explain(query);
      }
      while (open.size() > random.nextInt(MOST_OPEN)) {
        end(open.removeFirst(), random);
        closed.incrementAndGet();
      }
    }
    for (Reservation reservation : open) {
      end(reservation, random);
      closed.incrementAndGet();
    }
    return true;
  }

  private static void end(Reservation reservation, SplittableRandom random) {
    if (random.nextInt(4) > 0) {
      reservation.firstToken();
      reservation.generated(random.nextInt(60));
    }
    reservation.close(
        switch (random.nextInt(5)) {
          case 0 -> new Outcome.ClientLeft();
          case 1 -> new Outcome.Refused(400 + random.nextInt(200));
          case 2 -> new Outcome.ReplicaFailed("connection-lost");
          case 3 ->
              new Outcome.Completed(100, 7, random.nextInt(100), new Outcome.Answer.Unknown());
          default -> TestFleet.completed(100);
        });
    reservation.close(new Outcome.ClientLeft());
  }

  private static boolean change(TestFleet fleet, SplittableRandom random) {
    for (int i = 0; i < 400; i++) {
      Replica replica = fleet.replicas.get(random.nextInt(fleet.replicas.size()));
      switch (random.nextInt(6)) {
        case 0 -> fleet.fleet.down(replica.id(), "gone");
        case 1 -> fleet.fleet.up(replica.id());
        case 2 -> fleet.fleet.report(replica.id(), new EngineLoad(random.nextInt(50), 3, 0.5));
        case 3 -> fleet.fleet.report(replica.id(), TestFleet.facts(random.nextInt(1, 4)));
        case 4 -> {
          if (random.nextInt(10) == 0 && fleet.fleet.snapshot().replicas().size() > 3) {
            fleet.fleet.remove(replica.id());
            fleet.join(1);
          }
        }
        default -> {
          if (random.nextBoolean()) {
            fleet.router.eventHolder(replica.id(), 16);
            fleet.router.trustEvents(replica.id(), EventTrust.COMPLETE);
          } else {
            fleet.router.stopEvents(replica.id());
          }
        }
      }
    }
    return true;
  }
}
