package io.kvroute.loadtest.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariants under random load: shared prefixes, bursts, clients that disconnect. */
class EnginePropertyTest {

  private static final EngineProfile TIGHT =
      EngineProfile.qwen3OnL4().withBlocks(64, 4).withLimits(64, 12);

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void everyRequestEndsAndEveryBlockComesBack(long seed) {
    Trace trace = new Trace();
    EngineModel engine = new EngineModel(TIGHT, trace);
    Set<Long> left = play(engine, seed);

    EngineStats stats = engine.stats();
    assertThat(stats.running()).isZero();
    assertThat(stats.waiting()).isZero();
    assertThat(stats.blocks().used()).as("blocks held by nobody").isZero();
    assertThat(stats.steps().preemptions()).as("the load is meant to preempt").isPositive();
    assertThat(
            stats.finished().stopped()
                + stats.finished().reachedLength()
                + stats.finished().aborted())
        .isEqualTo(300);
    for (long id = 0; id < 300; id++) {
      assertThat(trace.finished.containsKey(id) || left.contains(id)).as("request %d", id).isTrue();
    }
    assertThat(stats.tokens().answer())
        .isEqualTo(trace.answers.values().stream().mapToLong(a -> a.size()).sum());
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    Trace first = new Trace();
    Trace second = new Trace();
    Trace other = new Trace();
    play(new EngineModel(TIGHT, first), 21);
    play(new EngineModel(TIGHT, second), 21);
    play(new EngineModel(TIGHT, other), 22);

    assertThat(first.lines).hasSizeGreaterThan(1_000).isEqualTo(second.lines);
    assertThat(first.lines).isNotEqualTo(other.lines);
  }

  /** Drives an engine until it is idle and checks every step. Returns the aborted requests. */
  private static Set<Long> play(EngineModel engine, long seed) {
    Random random = new Random(seed);
    Set<Long> left = new HashSet<>();
    long next = 0;
    long now = 0;
    long due = EngineModel.IDLE;
    while (next < 300 || due != EngineModel.IDLE) {
      if (next < 300 && (due == EngineModel.IDLE || random.nextInt(4) == 0)) {
        engine.submit(request(next++, random));
      }
      if (next > 0 && random.nextInt(20) == 0) {
        long id = next - 1 - random.nextLong(Math.min(next, 10));
        engine.abort(id);
        left.add(id);
      }
      now = due == EngineModel.IDLE ? now : due;
      due = engine.advance(now);
      check(engine);
    }
    return left;
  }

  private static EngineRequest request(long id, Random random) {
    int[] prompt = new int[1 + random.nextInt(120)];
    int conversation = random.nextInt(8);
    for (int i = 0; i < prompt.length; i++) {
      prompt[i] = i < 60 ? conversation * 1_000 + i : random.nextInt(1_000_000);
    }
    long tokenSeed = random.nextLong();
    return new EngineRequest(
        id,
        prompt,
        1 + random.nextInt(60),
        i -> new Random(tokenSeed + i).nextInt(50),
        0,
        random.nextInt(10) == 0 ? "salt" : null);
  }

  private static void check(EngineModel engine) {
    EngineStats stats = engine.stats();
    assertThat(stats.blocks().used()).isBetween(0, TIGHT.blocks() - 1);
    assertThat(stats.running()).isLessThanOrEqualTo(TIGHT.maxSequences());
    int[] references = new int[TIGHT.blocks()];
    for (EngineSequence sequence : engine.running()) {
      assertThat(sequence.computedTokens).isLessThanOrEqualTo(sequence.blocks.size() * 4);
      Set<Integer> own = new HashSet<>();
      for (int i = 0; i < sequence.blocks.size(); i++) {
        int block = sequence.blocks.get(i);
        references[block]++;
        assertThat(own.add(block)).as("block %d twice in a sequence", block).isTrue();
        // A running sequence's blocks keep their content: exactly the cached ones have a hash.
        assertThat(engine.pool().isCached(block)).isEqualTo(i < sequence.cachedBlocks);
      }
    }
    assertThat(references[0]).as("the null block").isZero();
    for (int block = 1; block < references.length; block++) {
      assertThat(engine.pool().references(block)).isEqualTo(references[block]);
    }
    assertThat(Arrays.stream(references).filter(r -> r > 0).count())
        .isEqualTo(stats.blocks().used());
  }
}
