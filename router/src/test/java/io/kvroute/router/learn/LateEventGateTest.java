package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.route.EventTrust;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LateEventGateTest {

  /** Records the calls that pass the gate, and runs {@code during} within each. */
  private static final class RecordingTarget implements EventTarget {

    private final List<String> calls = new ArrayList<>();
    private Runnable during = () -> {};

    private void called(String name) {
      during.run();
      calls.add(name);
    }

    @Override
    public @Nullable IndexWriter writer(int blockSize) {
      called("writer");
      return null;
    }

    @Override
    public long root(@Nullable String lora, @Nullable String cacheSalt) {
      return 1;
    }

    @Override
    public void forget() {
      called("forget");
    }

    @Override
    public void processChanged() {
      called("processChanged");
    }

    @Override
    public void streamChanged(EventTrust trust, long batches) {
      called("streamChanged");
    }

    @Override
    public void unreachable() {
      called("unreachable");
    }
  }

  private final RecordingTarget target = new RecordingTarget();
  private final LateEventGate gate = new LateEventGate(target);

  static List<Consumer<EventTarget>> calls() {
    return List.of(
        each -> each.writer(16),
        EventTarget::forget,
        EventTarget::processChanged,
        each -> each.streamChanged(EventTrust.COMPLETE, 1),
        EventTarget::unreachable);
  }

  @Test
  void passesEverythingOnUntilTheSubscriptionEnds() {
    calls().forEach(call -> call.accept(gate));

    assertThat(target.calls)
        .containsExactly("writer", "forget", "processChanged", "streamChanged", "unreachable");
  }

  @Test
  void dropsEverythingAfterTheSubscriptionHasEnded() {
    gate.end();
    calls().forEach(call -> call.accept(gate));

    assertThat(target.calls).isEmpty();
    assertThat(gate.writer(16)).isNull();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void endsOnlyAfterACallInProgressHasTakenEffect(Consumer<EventTarget> call) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean endedDuringCall = new AtomicBoolean();
    Thread ending =
        new Thread(
            () -> {
              gate.end();
              ended.set(true);
            });
    target.during =
        () -> {
          ending.start();
          await().until(() -> ended.get() || ending.getState() == Thread.State.BLOCKED);
          endedDuringCall.set(ended.get());
        };

    call.accept(gate);
    ending.join();

    assertThat(endedDuringCall).isFalse();
  }
}
