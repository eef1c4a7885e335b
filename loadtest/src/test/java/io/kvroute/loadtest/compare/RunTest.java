package io.kvroute.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.simulate.Answered;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the share of turns that moved to another replica. */
final class RunTest {

  private static Answered answered(@Nullable String conversation, int replica) {
    return new Answered(conversation, replica, 0, 1, 1, 100, 0, 0);
  }

  @Test
  void countsTheTurnsThatWentToAnotherReplicaThanTheTurnBefore() {
    Run run =
        Run.of(
            List.of(
                answered("a", 0),
                answered("b", 1),
                answered(null, 0),
                answered("a", 1),
                answered("b", 1),
                answered(null, 1),
                answered("a", 1),
                answered("a", 0)));
    assertThat(run.movedShare()).isEqualTo(2 / 4.0);
  }

  @Test
  void tellsNoShareWhereNoConversationGoesOn() {
    assertThat(Run.of(List.of(answered("a", 0), answered(null, 1))).movedShare()).isNaN();
  }
}
