package io.kvroute.loadtest.engine;

import java.util.Arrays;

/**
 * A request inside the engine: its tokens so far, how many have KV, and the blocks that hold it.
 */
final class Sequence {

  final EngineRequest request;
  final IntList blocks;

  /** Tokens whose KV is computed, or will be when the step in flight ends. */
  int computedTokens;

  /** Leading blocks that are findable by others. */
  int cachedBlocks;

  /** Tokens found in the cache at the first admission; -1 before it. */
  int cachedTokens = -1;

  int preemptions;
  private final int blockSize;
  private int[] tokens;
  private int tokenCount;
  private long[] hashes;
  private int hashCount;

  Sequence(EngineRequest request, int blockSize) {
    this.request = request;
    this.blockSize = blockSize;
    this.tokens = request.prompt();
    this.tokenCount = tokens.length;
    int fullBlocks = tokenCount / blockSize;
    this.hashes = new long[fullBlocks + 1];
    this.blocks = new IntList(fullBlocks + 1);
  }

  /** Prompt and answer so far. */
  int tokenCount() {
    return tokenCount;
  }

  int answerTokens() {
    return tokenCount - request.prompt().length;
  }

  /** Samples the next token of the answer. */
  int sample() {
    int token = request.answer().tokenAt(answerTokens());
    if (tokenCount == tokens.length) {
      tokens = Arrays.copyOf(tokens, tokenCount + Math.max(16, tokenCount / 4));
    }
    tokens[tokenCount++] = token;
    return token;
  }

  /** The name of a full block. */
  long hash(int block) {
    if (block >= hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(block + 1, hashes.length * 2));
    }
    while (hashCount <= block) {
      long parent = hashCount == 0 ? BlockHash.root(request.cacheSalt()) : hashes[hashCount - 1];
      int from = hashCount * blockSize;
      hashes[hashCount++] = BlockHash.chain(parent, tokens, from, from + blockSize);
    }
    return hashes[block];
  }

  /** That full blocks became findable. */
  KvEvent.BlockStored stored(int firstBlock, int endBlock) {
    long[] names = new long[endBlock - firstBlock];
    for (int i = 0; i < names.length; i++) {
      names[i] = hash(firstBlock + i);
    }
    return new KvEvent.BlockStored(
        names,
        firstBlock == 0 ? null : hash(firstBlock - 1),
        Arrays.copyOfRange(tokens, firstBlock * blockSize, endBlock * blockSize),
        blockSize,
        firstBlock == 0 ? request.cacheSalt() : null);
  }

  /** Back to nothing computed; the answer so far is kept and will be computed again. */
  void lost() {
    blocks.clear();
    computedTokens = 0;
    cachedBlocks = 0;
  }
}
