package io.kvroute.router.route;

import io.kvroute.router.index.Holder;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;
import io.kvroute.router.shadow.Sequence;
import io.kvroute.router.shadow.Shadow;

/** The cache of an engine that does not tell: a model of its block manager says what it holds. */
final class ShadowCache implements ReplicaCache {

  private final Shadow shadow;
  private final int blockSize;

  ShadowCache(Holder holder, int numBlocks, int blockSize) {
    this.shadow = new Shadow(holder, numBlocks, blockSize);
    this.blockSize = blockSize;
  }

  void resize(int numBlocks) {
    shadow.resize(numBlocks);
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    advance(nowNanos);
    return new ShadowPassage(prompt, shadow.expect(prompt, admissionNanos));
  }

  @Override
  public void advance(long nowNanos) {
    shadow.advance(nowNanos);
  }

  @Override
  public String knowledge() {
    return "shadow";
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int heldBlocks() {
    return shadow.heldBlocks();
  }

  @Override
  public int capacityBlocks() {
    return shadow.capacity();
  }

  @Override
  public int usedBlocks() {
    return shadow.usedBlocks();
  }

  private final class ShadowPassage implements Passage {

    private final PromptKeys prompt;
    private final Sequence sequence;

    ShadowPassage(PromptKeys prompt, Sequence sequence) {
      this.prompt = prompt;
      this.sequence = sequence;
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
      return prompt.rung() == Rung.TOKENS || prompt.rung() == Rung.ENGINE_TOKENS;
    }

    /** Blocks of text stand for about as many tokens, so there only a gross error counts. */
    private void correct(Outcome.Completed completed) {
      int cached = completed.cachedTokens();
      if (isTokens()) {
        shadow.correct(sequence, cached);
      } else if (prompt.rung() == Rung.TEXT && completed.promptTokens() > 0) {
        double share = (double) cached / completed.promptTokens();
        int cachedText = (int) (share * prompt.tokens());
        if (2 * cachedText < sequence.hitTokens()) {
          shadow.correct(sequence, cachedText);
        }
      }
    }
  }
}
