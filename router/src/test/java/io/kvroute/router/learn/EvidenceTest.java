package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.learn.Evidence.Verdict;
import org.junit.jupiter.api.Test;

final class EvidenceTest {

  private static final int PROMPT = 4_000;

  private final Evidence evidence = new Evidence();

  private Verdict report(int matched, int cached) {
    return evidence.reported(PROMPT, matched, cached);
  }

  /** So many requests that were believed to match, and the scrape after them. */
  private Verdict window(int requests, int matched, double queriedAfter, double hitAfter) {
    for (int i = 0; i < requests; i++) {
      evidence.routed(true, PROMPT, matched);
    }
    return evidence.scraped(queriedAfter, hitAfter);
  }

  @Test
  void aFewBlocksMoreOrLessAreNoDisagreement() {
    assertThat(report(3_000, 2_900).disagrees()).isFalse();
    assertThat(report(0, 900).disagrees()).isFalse();
    assertThat(report(3_000, 1_900).disagrees()).isTrue();
    assertThat(report(0, 3_000).disagrees()).isTrue();
  }

  @Test
  void oneDisagreementIsChanceAndManyInARowAreNot() {
    assertThat(report(3_000, 0)).isEqualTo(new Verdict(true, false, false, false));
    int turns = 0;
    for (int i = 0; i < 20; i++) {
      turns += report(3_000, 0).turned() ? 1 : 0;
    }
    assertThat(turns).as("told once").isEqualTo(1);
    assertThat(report(3_000, 0).disputed()).isTrue();
  }

  @Test
  void agreementEndsTheDispute() {
    for (int i = 0; i < 20; i++) {
      report(3_000, 0);
    }
    int turns = 0;
    for (int i = 0; i < 20; i++) {
      turns += report(3_000, 3_000).turned() ? 1 : 0;
    }
    assertThat(turns).isEqualTo(1);
    assertThat(report(3_000, 3_000).disputed()).isFalse();
  }

  @Test
  void countersThatAgreeSayNothing() {
    evidence.scraped(1_000_000, 500_000);
    assertThat(window(10, 3_000, 1_040_000, 530_000))
        .isEqualTo(new Verdict(false, false, false, false));
  }

  @Test
  void aCacheThatIsGoneShowsWithTheNextScrape() {
    evidence.scraped(1_000_000, 500_000);
    Verdict verdict = window(2, 3_000, 1_008_000, 500_000);
    assertThat(verdict).isEqualTo(new Verdict(true, true, true, true));
  }

  @Test
  void othersTokensMakeTheCountersUseless() {
    evidence.scraped(1_000_000, 500_000);
    assertThat(window(2, 3_000, 1_009_000, 500_000)).isEqualTo(Verdict.NOTHING);
    assertThat(window(2, 3_000, 1_017_000, 506_000))
        .as("the next window")
        .isEqualTo(new Verdict(false, false, false, false));
  }

  @Test
  void requestsThatTheEngineHasNotTakenUpAreWaitedFor() {
    evidence.scraped(1_000_000, 500_000);
    assertThat(window(2, 3_000, 1_004_000, 503_000)).isEqualTo(Verdict.NOTHING);
    assertThat(evidence.scraped(1_008_000, 503_000).disagrees()).isTrue();
  }

  @Test
  void promptsWhoseTokensAreNotKnownMakeTheWindowUseless() {
    evidence.scraped(1_000_000, 500_000);
    evidence.routed(false, PROMPT, 3_000);
    assertThat(evidence.scraped(1_004_000, 500_000)).isEqualTo(Verdict.NOTHING);
  }

  @Test
  void countersThatBeginAnewOpenAnotherWindow() {
    evidence.scraped(1_000_000, 500_000);
    assertThat(window(1, 3_000, 4_000, 0)).isEqualTo(Verdict.NOTHING);
    assertThat(window(1, 3_000, 8_000, 3_000).disagrees()).isFalse();
  }
}
