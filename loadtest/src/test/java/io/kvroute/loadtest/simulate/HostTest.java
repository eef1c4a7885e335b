package io.kvroute.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tests processes that share a machine. */
final class HostTest {

  private final VirtualClock clock = new VirtualClock();
  private final List<Long> endedMillis = new ArrayList<>();

  private void run(Host host, double millis) {
    host.run(millis * 1e6, () -> endedMillis.add(Math.round(clock.getAsLong() / 1e6)));
  }

  @Test
  void tasksDoNotSlowEachOtherWhileThereAreCores() {
    Host host = new Host(clock, 2);
    run(host, 10);
    run(host, 20);
    clock.run();
    assertThat(endedMillis).containsExactly(10L, 20L);
  }

  @Test
  void moreTasksThanCoresGetEqualParts() {
    Host host = new Host(clock, 1);
    run(host, 10);
    run(host, 20);
    clock.run();
    assertThat(endedMillis).containsExactly(20L, 30L);
  }

  @Test
  void aTaskIsSlowedOnlyWhileOthersRun() {
    Host host = new Host(clock, 1);
    run(host, 10);
    clock.afterSeconds(0.004, () -> run(host, 2));
    clock.run();
    assertThat(endedMillis).containsExactly(8L, 12L);
  }

  @Test
  void otherWorkSlowsInProportionOverTime() {
    Host host = new Host(clock, 1);
    host.otherWork(0.5, 0.01, new SplittableRandom(3));
    run(host, 20_000);
    clock.run();
    assertThat(endedMillis.getFirst()).isBetween(36_000L, 44_000L);
  }

  @Test
  void otherWorkThatWouldNeverEndIsRefused() {
    Host host = new Host(clock, 2);
    assertThatThrownBy(() -> host.otherWork(2, 1, new SplittableRandom(3)))
        .hasMessage("tasks: 2.0 (expected: > 0 and < 2.0, the cores)");
    assertThatThrownBy(() -> new Host(clock, 0)).hasMessage("cores: 0.0 (expected: > 0)");
  }

  @Test
  void anEventLoopDoesOneTaskAfterAnother() {
    EventLoop loop = new EventLoop(new Host(clock, 4));
    loop.run(3e6, () -> endedMillis.add(clock.getAsLong() / 1_000_000));
    loop.run(0, () -> endedMillis.add(clock.getAsLong() / 1_000_000));
    loop.run(2e6, () -> endedMillis.add(clock.getAsLong() / 1_000_000));
    clock.run();
    assertThat(endedMillis).containsExactly(3L, 3L, 5L);
  }
}
