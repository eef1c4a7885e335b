package io.kvroute.loadtest.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class EngineProfileTest {

  private final EngineProfile profile = EngineProfile.qwen3OnL4();

  @Test
  void derivesMemoryFromThePublishedShapes() {
    assertThat(Model.QWEN3_8B.kvBytesPerToken()).isEqualTo(147_456);
    assertThat(profile.blockSize()).isEqualTo(16);
    // 0.9 of 24.2 GB is 21.7 GB; minus 16.4 GB of weights and 1.07 GB of others; 2.36 MB per block.
    assertThat(profile.blocks()).isEqualTo(1_815);
    assertThat(profile.maxModelTokens()).isEqualTo(1_814 * 16);
  }

  @Test
  void decodesAtTheSpeedOfMemoryAndPrefillsAtThatOfArithmetic() {
    assertThat(millis(decode(0))).isCloseTo(54.6, within(0.1));
    assertThat(millis(decode(10_000))).isCloseTo(54.6 + 4.9, within(0.1));
    assertThat(millis(prefill(0, 2_048))).isCloseTo(2_048 / 4.355 + 20.4, within(1.0));
    assertThat(millis(prefill(16_384, 2_048)))
        .as("attention over what is already there")
        .isCloseTo(2_048 / 4.355 + 20.4 + 327, within(2.0));
  }

  @Test
  void canBeMadeFasterOrSlower() {
    StepCost half = profile.cost().withPrefillRate(2_177.5);
    StepCost quick = profile.cost().withInterTokenMillis(5);

    assertThat(half.stepNanos(List.of(prefill(0, 2_048)), 0))
        .isCloseTo(2 * profile.cost().stepNanos(List.of(prefill(0, 2_048)), 0), within(1_000_000L));
    assertThat(quick.stepNanos(List.of(decode(0)), 0)).isEqualTo(5_000_000);
  }

  @Test
  void theContextShrinksToTheBlocks() {
    assertThat(profile.withBlocks(100, 32).maxModelTokens()).isEqualTo(99 * 32);
    assertThatThrownBy(() -> profile.withBlocks(1, 32)).hasMessage("blocks: 1 (expected: >= 2)");
    assertThatThrownBy(() -> profile.withMaxModelTokens(100_000))
        .hasMessageContaining("maxModelTokens: 100000 (expected: <= 29024");
  }

  @Test
  void saysWhenAModelDoesNotFit() {
    Model large = new Model("70B", 70_000_000_000L, 0, 80, 64, 8, 128, 8_192, 2);

    assertThatThrownBy(() -> EngineProfile.of(large, Gpu.L4))
        .hasMessageContaining("70B does not fit into NVIDIA L4");
  }

  private double millis(StepWork work) {
    return profile.cost().stepNanos(List.of(work), 0) / 1e6;
  }

  private static StepWork decode(int context) {
    return new StepWork(1, context, 1, true, 3);
  }

  private static StepWork prefill(int context, int tokens) {
    return new StepWork(1, context, tokens, true, 0);
  }
}
