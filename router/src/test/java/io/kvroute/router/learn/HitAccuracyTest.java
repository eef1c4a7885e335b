package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.learn.HitAccuracy.Verdict;
import org.junit.jupiter.api.Test;

final class HitAccuracyTest {

  private static final int PROMPT = 4_000;

  private final HitAccuracy accuracy = new HitAccuracy();

  private Verdict report(int matched, int cached) {
    return accuracy.answered(PROMPT, matched, cached);
  }

  /** So many requests with a prediction of {@code matched} tokens, and the scrape after them. */
  private Verdict window(int requests, int matched, double queriedAfter, double hitAfter) {
    for (int i = 0; i < requests; i++) {
      accuracy.routed(true, PROMPT, matched);
    }
    return accuracy.scraped(queriedAfter, hitAfter);
  }

  @Test
  void aFewBlocksMoreOrLessAreNoDisagreement() {
    assertThat(report(3_000, 2_900).disagrees()).isFalse();
    assertThat(report(0, 900).disagrees()).isFalse();
    assertThat(report(3_000, 1_900).disagrees()).isTrue();
    assertThat(report(0, 3_000).disagrees()).isTrue();
  }

  @Test
  void manyDisagreementsInARowAreADisputeAndOneIsNot() {
    assertThat(report(3_000, 0)).isEqualTo(new Verdict(true, false, false, false));
    int changes = 0;
    for (int i = 0; i < 20; i++) {
      changes += report(3_000, 0).changed() ? 1 : 0;
    }
    assertThat(changes).as("reported once").isEqualTo(1);
    assertThat(report(3_000, 0).disputed()).isTrue();
  }

  @Test
  void agreementEndsTheDispute() {
    for (int i = 0; i < 20; i++) {
      report(3_000, 0);
    }
    int changes = 0;
    for (int i = 0; i < 20; i++) {
      changes += report(3_000, 3_000).changed() ? 1 : 0;
    }
    assertThat(changes).isEqualTo(1);
    assertThat(report(3_000, 3_000).disputed()).isFalse();
  }

  @Test
  void countersThatAgreeChangeNothing() {
    accuracy.scraped(1_000_000, 500_000);
    assertThat(window(10, 3_000, 1_040_000, 530_000))
        .isEqualTo(new Verdict(false, false, false, false));
  }

  @Test
  void aLostCacheShowsAtTheNextScrape() {
    accuracy.scraped(1_000_000, 500_000);
    Verdict verdict = window(2, 3_000, 1_008_000, 500_000);
    assertThat(verdict).isEqualTo(new Verdict(true, true, true, true));
  }

  @Test
  void tokensOfOtherClientsMakeTheWindowUseless() {
    accuracy.scraped(1_000_000, 500_000);
    assertThat(window(2, 3_000, 1_009_000, 500_000)).isEqualTo(Verdict.NOTHING);
    assertThat(window(2, 3_000, 1_017_000, 506_000))
        .as("the next window")
        .isEqualTo(new Verdict(false, false, false, false));
  }

  @Test
  void aWindowStaysOpenUntilTheEngineHasLookedUpAllRequests() {
    accuracy.scraped(1_000_000, 500_000);
    assertThat(window(2, 3_000, 1_004_000, 503_000)).isEqualTo(Verdict.NOTHING);
    assertThat(accuracy.scraped(1_008_000, 503_000).disagrees()).isTrue();
  }

  @Test
  void promptsWithUnknownTokensMakeTheWindowUseless() {
    accuracy.scraped(1_000_000, 500_000);
    accuracy.routed(false, PROMPT, 3_000);
    assertThat(accuracy.scraped(1_004_000, 500_000)).isEqualTo(Verdict.NOTHING);
  }

  @Test
  void countersThatStartFromZeroOpenANewWindow() {
    accuracy.scraped(1_000_000, 500_000);
    assertThat(window(1, 3_000, 4_000, 0)).isEqualTo(Verdict.NOTHING);
    assertThat(window(1, 3_000, 8_000, 3_000).disagrees()).isFalse();
  }
}
