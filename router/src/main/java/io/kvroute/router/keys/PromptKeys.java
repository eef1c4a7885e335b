package io.kvroute.router.keys;

import java.util.Arrays;

/**
 * A prompt as routing knows it: its ids and, for each block size asked for, the keys of its blocks.
 * In text mode an id stands for four bytes of text, about one token, so that a block of 16 ids is
 * 64 bytes and all later steps work as with tokens.
 *
 * <p>Confined to one thread until published. The keys of each block size are computed once.
 */
public final class PromptKeys {

  private static final int[] NONE = {};
  private static final long[] NO_KEYS = {};

  private final PromptMode mode;
  private final long root;
  private final int[] ids;
  private final int tokens;
  private BlockKeys[] bySize = {};

  private PromptKeys(PromptMode mode, long root, int[] ids, int tokens) {
    this.mode = mode;
    this.root = root;
    this.ids = ids;
    this.tokens = tokens;
  }

  /**
   * A prompt whose ids are known.
   *
   * @param ids must not be changed afterwards; only the first {@code count} are read
   */
  public static PromptKeys of(PromptMode mode, long root, int[] ids, int count) {
    return new PromptKeys(mode, root, ids, count);
  }

  /** A prompt of which only the length is known. */
  public static PromptKeys unknown(int estimatedTokens) {
    return new PromptKeys(PromptMode.LOAD, 0, NONE, estimatedTokens);
  }

  public PromptMode mode() {
    return mode;
  }

  /** Prompt tokens: exact if the ids are known, else an estimate. */
  public int tokens() {
    return tokens;
  }

  /** A copy of the ids; empty if only the length is known. */
  public int[] ids() {
    return Arrays.copyOf(ids, Math.min(tokens, ids.length));
  }

  /** A copy of the ids {@code [from, to)}; fewer if the prompt ends before {@code to}. */
  public int[] ids(int from, int to) {
    int known = Math.min(tokens, ids.length);
    return Arrays.copyOfRange(ids, Math.min(from, known), Math.min(to, known));
  }

  /** The keys of the full blocks of {@code blockSize} ids. O(tokens) the first time. */
  public BlockKeys blocks(int blockSize) {
    for (BlockKeys known : bySize) {
      if (known.blockSize() == blockSize) {
        return known;
      }
    }
    BlockKeys computed = chain(blockSize, NO_KEYS);
    bySize = Arrays.copyOf(bySize, bySize.length + 1);
    bySize[bySize.length - 1] = computed;
    return computed;
  }

  /**
   * This prompt followed by its answer, as one sequence. Block keys computed before are reused.
   *
   * @param answer only the first {@code count} ids are read
   */
  public PromptKeys followedBy(int[] answer, int count) {
    int known = Math.min(tokens, ids.length);
    int[] all = Arrays.copyOf(ids, known + count);
    System.arraycopy(answer, 0, all, known, count);
    PromptKeys whole = new PromptKeys(mode, root, all, all.length);
    whole.bySize = new BlockKeys[bySize.length];
    for (int i = 0; i < bySize.length; i++) {
      whole.bySize[i] = whole.chain(bySize[i].blockSize(), bySize[i].raw());
    }
    return whole;
  }

  private BlockKeys chain(int blockSize, long[] prefix) {
    int known = Math.min(tokens, ids.length);
    long[] keys = Arrays.copyOf(prefix, known / blockSize);
    long parent = prefix.length == 0 ? root : prefix[prefix.length - 1];
    BlockKeys.extend(parent, keys, prefix.length, ids, blockSize);
    return new BlockKeys(root, false, keys, blockSize, known);
  }
}
