package io.kvroute.router.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PromptKeysTest {

  private static final KeySpace SPACE = new KeySpace(7);

  private static PromptKeys prompt(int tokens) {
    return PromptKeys.of(
        PromptMode.TOKENS,
        SPACE.tokenRoot("m", null),
        IntStream.range(0, tokens).toArray(),
        tokens);
  }

  @Test
  void aPromptOfExactlyFullBlocksCannotMatchItsLastOne() {
    assertThat(prompt(48).blocks(16).count()).isEqualTo(3);
    assertThat(prompt(48).blocks(16).matchable()).isEqualTo(2);
    assertThat(prompt(49).blocks(16).matchable()).isEqualTo(3);
  }

  @Test
  void equalPrefixesHaveEqualKeysAndDifferentOnesDoNot() {
    int[] other = IntStream.range(0, 64).toArray();
    other[20]++;
    BlockKeys a = prompt(64).blocks(16);
    BlockKeys b =
        PromptKeys.of(PromptMode.TOKENS, SPACE.tokenRoot("m", null), other, 64).blocks(16);

    assertThat(a.key(0)).isEqualTo(b.key(0));
    assertThat(a.key(1)).isNotEqualTo(b.key(1));
    assertThat(a.key(2)).isNotEqualTo(b.key(2));
  }

  @Test
  void anAnswerContinuesThePromptsChain() {
    PromptKeys asked = prompt(40);
    int promptBlocks = asked.blocks(16).count();
    PromptKeys whole = asked.followedBy(IntStream.range(40, 100).toArray(), 50);

    assertThat(promptBlocks).isEqualTo(2);
    assertThat(whole.tokens()).isEqualTo(90);
    assertThat(whole.blocks(16).raw()).isEqualTo(prompt(90).blocks(16).raw());
    assertThat(whole.blocks(8).raw()).isEqualTo(prompt(90).blocks(8).raw());
  }

  @Test
  void blocksAfterAnotherContinueItsChain() {
    int[] tail = IntStream.range(32, 64).toArray();
    BlockKeys whole = prompt(64).blocks(16);

    assertThat(BlockKeys.after(whole.key(1), tail, 32, 16).raw())
        .containsExactly(whole.key(2), whole.key(3));
  }

  @Test
  void modelsSaltsAndTextNeverShareARoot() {
    assertThat(
            new long[] {
              SPACE.tokenRoot("m", null),
              SPACE.tokenRoot("n", null),
              SPACE.tokenRoot("m", ""),
              SPACE.tokenRoot("m", "s"),
              SPACE.textRoot("m", null),
              SPACE.textRoot("m", "s")
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void namesOfOneModelShareTheirRoots() {
    KeySpace space = new KeySpace(7, name -> name.equals("alias") ? "m" : name);

    assertThat(space.tokenRoot("alias", "s")).isEqualTo(SPACE.tokenRoot("m", "s"));
    assertThat(space.textRoot("alias", null)).isEqualTo(SPACE.textRoot("m", null));
    assertThat(space.tokenRoot("n", null)).isEqualTo(SPACE.tokenRoot("n", null));
  }
}
