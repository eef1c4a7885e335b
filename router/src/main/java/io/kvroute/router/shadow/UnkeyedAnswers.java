package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers whose token ids are unknown. The engine has cached their blocks, but the blocks' keys
 * depend on the ids. The router learns the ids later or never: from the answer itself ({@link
 * #learn}), or from the conversation's next prompt, which usually repeats the answer. Clients may
 * also edit or replace answers, so a repeated answer is not assumed. Its blocks get keys only when
 * the engine reports that it found them in its cache ({@link #confirm}). An answer is remembered
 * until its first block is reallocated. Not thread-safe.
 */
final class UnkeyedAnswers {

  /** The blocks without keys that follow the full blocks of one prompt. */
  private static final class Answer {
    private final long id;
    private final long keyBefore;
    private final int tokens;
    private final int[] promptTail;
    private final int firstBlock;
    private int[] blocks;

    private Answer(long id, Sequence sequence, int[] blocks) {
      this.id = id;
      this.firstBlock = sequence.keys.count();
      this.keyBefore = keyBefore(sequence, firstBlock);
      this.tokens = sequence.prompt.tokens() + sequence.generated;
      this.promptTail =
          sequence.prompt.ids(firstBlock * sequence.keys.blockSize(), sequence.keys.tokens());
      this.blocks = blocks;
    }

    /** The number of blocks of the whole sequence up to the answer's last block. */
    int end() {
      return firstBlock + blocks.length;
    }

    /** The block at this position of the sequence, or the null block. */
    int block(int position) {
      int i = position - firstBlock;
      return i >= 0 && i < blocks.length ? blocks[i] : BlockPool.NULL_BLOCK;
    }

    /** Whether a prompt is long enough to repeat the answer and agrees with what came before. */
    private boolean mayBeIn(PromptKeys prompt, int blockSize) {
      int from = firstBlock * blockSize;
      return prompt.tokens() >= tokens
          && Arrays.equals(prompt.ids(from, from + promptTail.length), promptTail);
    }
  }

  /** Stands for the id of no answer. */
  static final long NONE = 0;

  private final Map<Long, List<Answer>> byKeyBefore = new HashMap<>();
  private final Map<Long, Answer> byId = new HashMap<>();
  private long lastId = NONE;

  private static long keyBefore(Sequence sequence, int block) {
    return block == 0 ? sequence.keys.root() : sequence.keys.key(block - 1);
  }

  /**
   * A request ends. Its blocks from the prompt's full ones up to {@code end} are full and have no
   * keys.
   */
  void add(BlockPool pool, Sequence sequence, int end) {
    int from = sequence.keys.count();
    if (from >= end) {
      return;
    }
    int[] blocks = Arrays.copyOfRange(sequence.blocks, from, end);
    Answer answer = new Answer(++lastId, sequence, blocks);
    for (int block : blocks) {
      pool.setUnkeyed(block, answer.id);
    }
    sequence.unkeyedAnswer = answer.id;
    byId.put(answer.id, answer);
    byKeyBefore.computeIfAbsent(answer.keyBefore, k -> new ArrayList<>(1)).add(answer);
  }

  /** Whether blocks of the request's answer are still cached without a key. */
  boolean isKept(Sequence sequence) {
    return byId.containsKey(sequence.unkeyedAnswer);
  }

  /**
   * The ids of a request's answer have become known: sets the keys of the blocks that are still
   * cached. Does nothing if none is.
   *
   * @param keys of the prompt followed by the answer
   * @return how many leading blocks of the sequence have keys now
   */
  int learn(BlockPool pool, Sequence sequence, BlockKeys keys) {
    int from = sequence.keys.count();
    Answer answer = byId.get(sequence.unkeyedAnswer);
    if (answer == null) {
      return from;
    }
    remove(answer);
    int end = Math.min(keys.count(), answer.end());
    for (int i = from; i < end; i++) {
      pool.setKey(answer.block(i), keys.key(i));
    }
    return end;
  }

  /**
   * The engine found more of a running request's prompt in its cache than this model did: the
   * prompt repeats an answer. The answer's blocks replace those that the request allocated for the
   * same tokens.
   *
   * @param cached leading prompt blocks that the engine found
   */
  void confirm(BlockPool pool, EvictionForecast forecast, Sequence sequence, int cached) {
    Answer answer = shortest(sequence, sequence.hits);
    if (answer == null) {
      return;
    }
    remove(answer);
    for (int i = sequence.hits; i < Math.min(cached, sequence.blockCount); i++) {
      int block = answer.block(i);
      int allocated = sequence.blocks[i];
      if (block != BlockPool.NULL_BLOCK && !pool.isShared(allocated)) {
        pool.touch(block);
        pool.setKey(block, sequence.keys.key(i));
        sequence.blocks[i] = block;
        forecast.use(sequence, block, i);
        forecast.release(sequence, allocated);
        pool.dropKey(allocated);
        pool.release(new int[] {allocated}, 1);
      }
    }
  }

  /** The shortest answer that may follow the first blocks of a request's prompt; null if none. */
  private @Nullable Answer shortest(Sequence sequence, int blocks) {
    Answer best = null;
    for (Answer answer : byKeyBefore.getOrDefault(keyBefore(sequence, blocks), List.of())) {
      if ((best == null || answer.tokens < best.tokens)
          && answer.mayBeIn(sequence.prompt, sequence.keys.blockSize())) {
        best = answer;
      }
    }
    return best;
  }

  /** A block of an answer was reallocated; the blocks after it can never be found any more. */
  void evicted(long answerId, int block) {
    Answer answer = byId.get(answerId);
    if (answer == null) {
      return;
    }
    int i = 0;
    while (i < answer.blocks.length && answer.blocks[i] != block) {
      i++;
    }
    answer.blocks = Arrays.copyOf(answer.blocks, i);
    if (i == 0) {
      remove(answer);
    }
  }

  /** The pool was resized and its blocks have new numbers. */
  void renumber(int[] moved) {
    for (Answer answer : byId.values()) {
      Arrays.setAll(answer.blocks, i -> moved[answer.blocks[i]]);
    }
  }

  private void remove(Answer answer) {
    byId.remove(answer.id);
    List<Answer> siblings = byKeyBefore.getOrDefault(answer.keyBefore, List.of());
    siblings.remove(answer);
    if (siblings.isEmpty()) {
      byKeyBefore.remove(answer.keyBefore);
    }
  }
}
