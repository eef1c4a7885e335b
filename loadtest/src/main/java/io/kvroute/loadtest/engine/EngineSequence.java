package io.kvroute.loadtest.engine;

import java.util.Arrays;

/**
 * A request inside the engine: its tokens so far, how many of them are computed, and its blocks.
 */
final class EngineSequence {

  final EngineRequest request;
  final IntList blocks;

  /** Tokens whose KV is computed, including those of the current step. */
  int computedTokens;

  /** Leading blocks that other sequences can find. */
  int cachedBlocks;

  /** Tokens found in the cache at the first admission; -1 before it. */
  int cachedTokens = -1;

  int preemptions;
  private final int blockSize;
  private int[] tokens;
  private int tokenCount;
  private long[] hashes;
  private int hashCount;

  EngineSequence(EngineRequest request, int blockSize) {
    this.request = request;
    this.blockSize = blockSize;
    this.tokens = request.prompt();
    this.tokenCount = tokens.length;
    int fullBlocks = tokenCount / blockSize;
    this.hashes = new long[fullBlocks + 1];
    this.blocks = new IntList(fullBlocks + 1);
  }

  /** The number of tokens of the prompt and the answer so far. */
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

  /** The hash of a full block. */
  long hash(int block) {
    if (block >= hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(block + 1, hashes.length * 2));
    }
    while (hashCount <= block) {
      long parent =
          hashCount == 0 ? EngineBlockHash.root(request.cacheSalt()) : hashes[hashCount - 1];
      int from = hashCount * blockSize;
      hashes[hashCount++] = EngineBlockHash.chain(parent, tokens, from, from + blockSize);
    }
    return hashes[block];
  }

  /** The event which says that these full blocks became reusable. */
  EngineKvEvent.BlockStored stored(int firstBlock, int endBlock) {
    long[] stored = new long[endBlock - firstBlock];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = hash(firstBlock + i);
    }
    return new EngineKvEvent.BlockStored(
        stored,
        firstBlock == 0 ? null : hash(firstBlock - 1),
        Arrays.copyOfRange(tokens, firstBlock * blockSize, endBlock * blockSize),
        blockSize,
        firstBlock == 0 ? request.cacheSalt() : null);
  }

  /** Forgets the computed KV. The tokens of the answer so far stay and are computed again. */
  void loseBlocks() {
    blocks.clear();
    computedTokens = 0;
    cachedBlocks = 0;
  }
}
