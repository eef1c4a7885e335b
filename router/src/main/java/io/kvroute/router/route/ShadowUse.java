package io.kvroute.router.route;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.shadow.Sequence;
import io.kvroute.router.shadow.Shadow;

/** One request's use of a {@link Shadow}, which follows the request as a {@link Sequence}. */
final class ShadowUse implements CacheUse {

  /**
   * For text, the shadow is corrected only if the engine found fewer cached tokens than the
   * prediction divided by this.
   */
  private static final int GROSS_ERROR = 2;

  private final Shadow shadow;
  private final PromptKeys prompt;
  private final Sequence sequence;

  /**
   * Whether the answer's ids would make the shadow more exact. Until the request ends this is
   * assumed of every answer; afterwards it is true only if the answer filled blocks. Read without
   * the lock.
   */
  private volatile boolean wantsAnswer;

  ShadowUse(Shadow shadow, PromptKeys prompt, Sequence sequence) {
    this.shadow = shadow;
    this.prompt = prompt;
    this.sequence = sequence;
    this.wantsAnswer = hasTokenIds();
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
      case Outcome.Relayed relayed -> shadow.abandon(sequence);
      case Outcome.Refused refused -> shadow.abandon(sequence);
      case Outcome.Moved moved -> shadow.finish(sequence, tokens);
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
    if (hasTokenIds() && completed.answer() instanceof Outcome.Answer.Ids answer) {
      shadow.finish(sequence, prompt.followedBy(answer.ids(), answer.ids().length));
    } else {
      shadow.finish(sequence, Math.max(1, Math.max(tokens, completed.completionTokens())));
    }
  }

  private boolean hasTokenIds() {
    return prompt.mode().isExact();
  }

  /**
   * Corrects the shadow by the engine's count of cached tokens. Text blocks stand for tokens only
   * roughly, so for text only a gross error counts.
   */
  private void correct(Outcome.Completed completed) {
    int cached = completed.cachedTokens();
    if (hasTokenIds()) {
      shadow.correct(sequence, cached);
    } else if (prompt.mode() == PromptMode.TEXT && completed.promptTokens() > 0) {
      double share = (double) cached / completed.promptTokens();
      int cachedText = (int) (share * prompt.tokens());
      if (GROSS_ERROR * cachedText < sequence.hitTokens()) {
        shadow.correct(sequence, cachedText);
      }
    }
  }
}
