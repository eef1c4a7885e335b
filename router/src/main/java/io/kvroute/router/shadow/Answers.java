package io.kvroute.router.shadow;

import io.kvroute.router.keys.PromptKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shadow's answers whose ids were never seen. Their blocks lie in the engine's cache under names
 * that only a later prompt can tell, one that repeats the earlier prompt and has room for as many
 * tokens as were generated. That alone does not prove that it repeats the answer too (clients edit
 * and replace answers), so nothing is predicted from it; when the engine then reports that it found
 * those blocks, they are known. Kept while their first block is. Not thread-safe.
 */
final class Answers {

  /** Nameless blocks behind the full blocks of a prompt. */
  static final class Answer {
    private final long text;
    private final long behind;
    private final int tokens;
    private final int[] promptTail;
    private final int firstBlock;
    private int[] blocks;

    private Answer(long text, Sequence sequence, int[] blocks) {
      this.text = text;
      this.firstBlock = sequence.keys.count();
      this.behind = keyBefore(sequence, firstBlock);
      this.tokens = sequence.prompt.tokens() + sequence.generated;
      this.promptTail =
          sequence.prompt.ids(firstBlock * sequence.keys.blockSize(), sequence.keys.tokens());
      this.blocks = blocks;
    }

    /** The first place of the sequence behind the answer's blocks. */
    int end() {
      return firstBlock + blocks.length;
    }

    /** The block at this place of the sequence, or the null block. */
    int block(int place) {
      int i = place - firstBlock;
      return i >= 0 && i < blocks.length ? blocks[i] : BlockPool.NULL_BLOCK;
    }

    private boolean mayBeIn(PromptKeys prompt, int blockSize) {
      int from = firstBlock * blockSize;
      return prompt.tokens() >= tokens
          && Arrays.equals(prompt.ids(from, from + promptTail.length), promptTail);
    }
  }

  /** Stands for no answer. */
  static final long NONE = 0;

  private final Map<Long, List<Answer>> byKeyBefore = new HashMap<>();
  private final Map<Long, Answer> byText = new HashMap<>();
  private long texts = NONE;

  private static long keyBefore(Sequence sequence, int block) {
    return block == 0 ? sequence.keys.root() : sequence.keys.key(block - 1);
  }

  /** A request ends whose blocks, from its prompt's full ones up to {@code full}, lack names. */
  void add(BlockPool pool, Sequence sequence, int full) {
    int from = sequence.keys.count();
    if (from >= full) {
      return;
    }
    int[] blocks = Arrays.copyOfRange(sequence.blocks, from, full);
    Answer answer = new Answer(++texts, sequence, blocks);
    for (int block : blocks) {
      pool.nameless(block, answer.text);
    }
    sequence.answer = answer.text;
    byText.put(answer.text, answer);
    byKeyBefore.computeIfAbsent(answer.behind, k -> new ArrayList<>(1)).add(answer);
  }

  /** Takes out the shortest answer that may follow the first blocks of a request's prompt. */
  @Nullable Answer take(Sequence sequence, int blocks) {
    Answer best = null;
    for (Answer answer : byKeyBefore.getOrDefault(keyBefore(sequence, blocks), List.of())) {
      if ((best == null || answer.tokens < best.tokens)
          && answer.mayBeIn(sequence.prompt, sequence.keys.blockSize())) {
        best = answer;
      }
    }
    if (best != null) {
      remove(best);
    }
    return best;
  }

  /** Takes out the answer that a request left, null if it left none or it is gone. */
  @Nullable Answer takeOf(Sequence sequence) {
    Answer answer = byText.get(sequence.answer);
    if (answer != null) {
      remove(answer);
    }
    return answer;
  }

  /** A block of an answer is gone, and with it the use of those behind it. */
  void lost(long text, int block) {
    Answer answer = byText.get(text);
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

  void clear() {
    byText.clear();
    byKeyBefore.clear();
  }

  /** The blocks have new numbers. */
  void renumber(int[] moved) {
    for (Answer answer : byText.values()) {
      Arrays.setAll(answer.blocks, i -> moved[answer.blocks[i]]);
    }
  }

  int size() {
    return byText.size();
  }

  private void remove(Answer answer) {
    byText.remove(answer.text);
    List<Answer> siblings = byKeyBefore.getOrDefault(answer.behind, List.of());
    siblings.remove(answer);
    if (siblings.isEmpty()) {
      byKeyBefore.remove(answer.behind);
    }
  }
}
