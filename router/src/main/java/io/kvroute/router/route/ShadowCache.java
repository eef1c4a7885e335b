package io.kvroute.router.route;

import io.kvroute.router.index.Holder;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.shadow.Sequence;
import io.kvroute.router.shadow.Shadow;

/** The cache of a replica that does not tell what it holds: a shadow of its block manager. */
final class ShadowCache implements ReplicaCache {

  private final Holder holder;
  private final Shadow shadow;

  ShadowCache(Holder holder, int blocks, int blockSize) {
    this.holder = holder;
    this.shadow = new Shadow(holder, blocks, blockSize);
  }

  @Override
  public String knowledge() {
    return "shadow";
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos) {
    return new ShadowPassage(prompt, shadow.expect(prompt, admissionNanos));
  }

  /** One request's way through the shadow. */
  private final class ShadowPassage implements Passage {
    private final PromptKeys prompt;
    private final Sequence sequence;
    private int generatedTokens;

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
      generatedTokens = tokens;
      shadow.generated(sequence, tokens);
    }

    @Override
    public void ended(Outcome outcome) {
      switch (outcome) {
        case Outcome.Completed completed -> completed(completed);
        case Outcome.ClientLeft left -> shadow.finish(sequence, generatedTokens);
        case Outcome.Refused refused -> shadow.abandon(sequence);
        case Outcome.ReplicaFailed failed -> shadow.abandon(sequence);
      }
    }

    private void completed(Outcome.Completed completed) {
      if (completed.cachedTokens() >= 0) {
        shadow.firstToken(sequence);
        shadow.correct(sequence, completed.cachedTokens());
      }
      if (completed.answer() instanceof Outcome.Answer.Ids ids) {
        shadow.finish(sequence, prompt.followedBy(ids.raw(), ids.raw().length));
      } else {
        shadow.finish(sequence, Math.max(generatedTokens, completed.completionTokens()));
      }
    }
  }

  @Override
  public void advance(long nowNanos) {
    shadow.advance(nowNanos);
  }

  @Override
  public void restart() {
    shadow.restart();
  }

  @Override
  public void resize(int blocks) {
    shadow.resize(blocks);
  }

  @Override
  public int capacity() {
    return shadow.capacity();
  }

  @Override
  public int blocksHeld() {
    return holder.blocks();
  }

  @Override
  public void close() {
    holder.close();
  }
}
