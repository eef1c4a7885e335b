package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import org.junit.jupiter.api.Test;

final class FollowUpsTest {

  private static final int BLOCK = 16;

  private final FollowUps followUps = new FollowUps();
  private final PromptKeys system = TestFleet.prompt(1, 320);

  private static BlockKeys blocks(PromptKeys prompt) {
    return prompt.blocks(BLOCK);
  }

  @Test
  void theNextTurnOfAConversationIsAFollowUp() {
    PromptKeys first = TestFleet.extended(system, 2, 100);
    PromptKeys second = TestFleet.extended(first, 3, 500);
    followUps.add(blocks(first));
    assertThat(followUps.isFollowUp(blocks(second), 26)).isTrue();
  }

  @Test
  void aPromptThatOnlySharesASystemPromptIsNoFollowUp() {
    followUps.add(blocks(TestFleet.extended(system, 2, 100)));
    assertThat(followUps.isFollowUp(blocks(TestFleet.extended(system, 9, 100)), 20)).isFalse();
  }

  @Test
  void aRepeatedPromptIsAFollowUp() {
    BlockKeys prompt = blocks(system);
    followUps.add(prompt);
    assertThat(followUps.isFollowUp(prompt, prompt.matchable())).isTrue();
  }

  @Test
  void aConversationThatNoReplicaHoldsIsNoFollowUp() {
    PromptKeys first = TestFleet.extended(system, 2, 100);
    followUps.add(blocks(first));
    assertThat(followUps.isFollowUp(blocks(TestFleet.extended(first, 3, 100)), 20)).isFalse();
  }

  @Test
  void theOldestPromptsAreDropped() {
    PromptKeys first = TestFleet.extended(system, 2, 100);
    followUps.add(blocks(first));
    for (int i = 0; i < 200_001; i++) {
      followUps.add(blocks(TestFleet.prompt(1000 + i, BLOCK)));
    }
    assertThat(followUps.isFollowUp(blocks(TestFleet.extended(first, 3, 500)), 26)).isFalse();
  }

  @Test
  void aPromptShorterThanABlockIsNoFollowUp() {
    BlockKeys tiny = blocks(TestFleet.prompt(1, 5));
    followUps.add(tiny);
    assertThat(followUps.isFollowUp(tiny, 0)).isFalse();
  }
}
