package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.PromptKeys;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Work under the router's lock while a replica's modelled cache is full and thousands of requests
 * wait there: the CPU time of this thread, which other processes hardly change.
 */
final class LongQueueTest {

  private static final int FEW = 500;
  private static final int MANY = 8_000;
  private static final int EVENTS = 64;

  /** Work that grows with the queue would show as 16; the margin is for caches and noise. */
  private static final double MOST_GROWTH = 5;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final TestFleet fleet = new TestFleet(1, "kv-aware", 1);
  private final List<Reservation> waiting = new ArrayList<>();
  private int prompts;

  /** A prompt of 40 blocks, whose first 20 are those of one request in sixteen. */
  private PromptKeys nextPrompt() {
    prompts++;
    return TestFleet.extended(TestFleet.prompt(prompts % 16, 320), 1_000L + prompts, 320);
  }

  private void arrive() {
    waiting.add(fleet.send(nextPrompt()));
  }

  /** Requests leave from anywhere, as clients do. */
  private void leave() {
    Reservation leaving = waiting.set(prompts++ % waiting.size(), waiting.getLast());
    waiting.removeLast();
    leaving.close(new Outcome.ClientLeft());
  }

  /** Requests with a first token fill the cache of 4,095 blocks and hold it. */
  private void fillTheCache() {
    for (int i = 0; i < 110; i++) {
      Reservation running = fleet.send(TestFleet.prompt(100_000L + i, 600));
      fleet.passMillis(1);
      running.firstToken();
    }
  }

  private void queueUpTo(int length) {
    while (waiting.size() < length) {
      arrive();
    }
  }

  private double cpuNanosOfAnEvent(Runnable event) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < EVENTS; i++) {
      event.run();
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - start) / EVENTS;
  }

  private double growth(Runnable event, Runnable undo) {
    fillTheCache();
    queueUpTo(FEW);
    for (int i = 0; i < 20 * EVENTS; i++) {
      event.run();
      undo.run();
    }
    double withFew = cpuNanosOfAnEvent(event);
    queueUpTo(MANY);
    double withMany = cpuNanosOfAnEvent(event);
    System.out.printf("LongQueueTest: %.1f and %.1f us%n", withFew / 1e3, withMany / 1e3);
    return withMany / withFew;
  }

  @Test
  void aLeavingRequestCostsTheSameHoweverManyWait() {
    assertThat(growth(this::leave, this::arrive)).isLessThan(MOST_GROWTH);
  }

  @Test
  void anArrivingRequestCostsTheSameHoweverManyWait() {
    assertThat(growth(this::arrive, this::leave)).isLessThan(MOST_GROWTH);
  }

  @Test
  void eightThousandLeavingRequestsLeaveNothingReserved() {
    queueUpTo(MANY);
    while (!waiting.isEmpty()) {
      leave();
    }
    fleet.assertNothingIsReserved();
  }
}
