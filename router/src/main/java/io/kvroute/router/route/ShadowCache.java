package io.kvroute.router.route;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.shadow.Sequence;
import io.kvroute.router.shadow.Shadow;
import org.jspecify.annotations.Nullable;

/**
 * The cache of an engine that does not tell: a model of its block manager says what it holds. The
 * model, which takes memory, is made for the first prompt of which something is known.
 */
final class ShadowCache implements ReplicaCache {

  private final IndexWriter holder;
  private final int blockSize;
  private int numBlocks;
  private @Nullable Shadow made;

  ShadowCache(IndexWriter holder, int numBlocks, int blockSize) {
    this.holder = holder;
    this.numBlocks = numBlocks;
    this.blockSize = blockSize;
  }

  /** The engine told its number of blocks, its null block included. */
  void resize(int newNumBlocks) {
    numBlocks = newNumBlocks;
    if (made != null) {
      made.resize(newNumBlocks);
    }
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    Shadow shadow = made;
    if (shadow == null) {
      if (prompt.mode() == PromptMode.LOAD) {
        return Passage.UNSEEN;
      }
      shadow = new Shadow(holder, numBlocks, blockSize);
      made = shadow;
    }
    shadow.advance(nowNanos);
    return new ShadowPassage(shadow, prompt, shadow.enqueue(prompt, admissionNanos));
  }

  @Override
  public int lasting(BlockKeys keys, int held) {
    return made == null ? held : made.survivingBlocks(keys, held);
  }

  @Override
  public void advance(long nowNanos) {
    if (made != null) {
      made.advance(nowNanos);
    }
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int heldBlocks() {
    return holder.blocks();
  }

  @Override
  public int capacityBlocks() {
    return numBlocks - 1;
  }

  @Override
  public int usedBlocks() {
    return made == null ? 0 : made.usedBlocks();
  }

  private static final class ShadowPassage implements Passage {

    private final Shadow shadow;
    private final PromptKeys prompt;
    private final Sequence sequence;

    /** Until it ends, of any answer; then only of one that filled blocks. Read without the lock. */
    private volatile boolean wantsAnswer;

    ShadowPassage(Shadow shadow, PromptKeys prompt, Sequence sequence) {
      this.shadow = shadow;
      this.prompt = prompt;
      this.sequence = sequence;
      this.wantsAnswer = isTokens();
    }

    @Override
    public void firstToken() {
      shadow.firstToken(sequence);
    }

    @Override
    public void generated(int tokens) {
      shadow.generated(sequence, tokens);
    }

    @Override
    public void ended(Outcome outcome, int tokens) {
      switch (outcome) {
        case Outcome.Completed completed -> complete(completed, tokens);
        case Outcome.Refused refused -> shadow.abandon(sequence);
        case Outcome.ClientLeft left -> shadow.finish(sequence, tokens);
        case Outcome.ReplicaFailed failed -> shadow.finish(sequence, tokens);
      }
      wantsAnswer &= sequence.hasUnkeyedAnswer();
    }

    @Override
    public boolean wantsAnswer() {
      return wantsAnswer;
    }

    @Override
    public void answered(int[] ids) {
      shadow.learnAnswer(sequence, prompt.followedBy(ids, ids.length));
    }

    private void complete(Outcome.Completed completed, int tokens) {
      shadow.firstToken(sequence);
      if (completed.cachedTokens() >= 0) {
        correct(completed);
      }
      if (isTokens() && completed.answer() instanceof Outcome.Answer.Ids answer) {
        shadow.finish(sequence, prompt.followedBy(answer.raw(), answer.raw().length));
      } else {
        shadow.finish(sequence, Math.max(1, Math.max(tokens, completed.completionTokens())));
      }
    }

    private boolean isTokens() {
      return prompt.mode() == PromptMode.TOKENS || prompt.mode() == PromptMode.ENGINE_TOKENS;
    }

    /** Blocks of text stand for about as many tokens, so there only a gross error counts. */
    private void correct(Outcome.Completed completed) {
      int cached = completed.cachedTokens();
      if (isTokens()) {
        shadow.correct(sequence, cached);
      } else if (prompt.mode() == PromptMode.TEXT && completed.promptTokens() > 0) {
        double share = (double) cached / completed.promptTokens();
        int cachedText = (int) (share * prompt.tokens());
        if (2 * cachedText < sequence.hitTokens()) {
          shadow.correct(sequence, cachedText);
        }
      }
    }
  }
}
