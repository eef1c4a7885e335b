package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.RouteObserver.DecisionTime;
import io.kvroute.router.route.RouteObserver.Match;
import io.kvroute.router.route.RouteObserver.Routed;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KnowledgeCheckTest {

  private final Fleet fleet = new Fleet();
  private final ReplicaId replica =
      fleet.add(ReplicaSpec.at(URI.create("http://10.0.0.1:8000"))).id();
  private final List<ReplicaId> lost = new ArrayList<>();
  private final List<EventTrust> believed = new ArrayList<>();
  private final KnowledgeCheck check =
      new KnowledgeCheck(
          fleet,
          new KnowledgeObserver() {
            @Override
            public void disagreed(ReplicaId id, Witness witness) {}

            @Override
            public void disputed(ReplicaId id, boolean disputed) {}

            @Override
            public void lost(ReplicaId id) {
              lost.add(id);
            }
          },
          (id, trust) -> believed.add(trust));

  private void route(int promptTokens, int matchedTokens, int toldTokens) {
    check.routed(
        new Routed(
            "m",
            replica,
            "kv-aware",
            PromptMode.TOKENS,
            new Match(promptTokens, matchedTokens, matchedTokens, toldTokens),
            new DecisionTime(0, 0)));
  }

  private void believeEvents() {
    check.of(replica).subscribed();
    check.of(replica).streamChanged(EventTrust.COMPLETE, 1);
    check.scraped(replica, 0, 0);
  }

  @Test
  void countersThatContradictEventsEndTheTrustInThem() {
    believeEvents();
    route(4_000, 4_000, 4_000);
    check.scraped(replica, 4_000, 0);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE);
    assertThat(check.state(replica).kind()).isEqualTo(KnowledgeState.Kind.DISPUTED);
  }

  @Test
  void aComparisonWithEventsDoesNotCountAgainstTheShadow() {
    believeEvents();
    route(4_000, 4_000, 4_000);
    check.of(replica).unreachable();
    check.scraped(replica, 4_000, 0);
    assertThat(lost).isEmpty();
  }
}
