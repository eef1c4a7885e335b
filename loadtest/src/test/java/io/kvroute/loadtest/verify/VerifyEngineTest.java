package io.kvroute.loadtest.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the engine model with recordings of a real vLLM 0.32. */
class VerifyEngineTest {

  /** The recorded engine: 256 blocks of 32 tokens, the scheduler's default limits. */
  private static final EngineProfile RECORDED =
      EngineProfile.qwen3OnL4().withBlocks(256, 32).withMaxModelTokens(4096);

  @Test
  void reusesWhatVllmReusedForEveryRequestInSequence() throws IOException {
    CachedTokensVerdict verdict = CachedTokensVerdict.of(run("sequence.jsonl.gz"));

    assertThat(verdict.differences()).isEmpty();
    assertThat(verdict.requests()).isEqualTo(240);
  }

  @Test
  void storesAndRemovesTheVeryBlocksThatVllmDidInItsOrder() throws IOException {
    VerifyEngine.Outcome outcome = run("sequence.jsonl.gz");

    EventsVerdict verdict = events("sequence-kv-events.jsonl.gz", outcome);

    assertThat(verdict).isEqualTo(new EventsVerdict(1170, 916, 1170, 916, null));
  }

  @Test
  void comesWithinTwoPercentOfVllmsCachedTokensWithRequestsOverlapping() throws IOException {
    CachedTokensVerdict verdict = CachedTokensVerdict.of(run("concurrent.jsonl.gz"));

    System.out.printf(
        "concurrent: %d of %d requests agree, engine %d, model %d cached tokens %s%n",
        verdict.agreeing(),
        verdict.requests(),
        verdict.recordedTokens(),
        verdict.modelTokens(),
        verdict.differences());
    assertThat(verdict.agreeing()).isGreaterThanOrEqualTo(verdict.requests() * 99 / 100);
    assertThat((double) verdict.modelTokens() / verdict.recordedTokens()).isBetween(0.98, 1.02);
  }

  @Test
  void namesTheFirstRequestThatDiffers() throws IOException {
    List<RecordedRequest> requests = Recordings.requests(Recorded.file("sequence.jsonl.gz"));

    CachedTokensVerdict verdict =
        CachedTokensVerdict.of(VerifyEngine.run(requests, RECORDED.withBlocks(200, 32)));

    assertThat(verdict.agrees()).isFalse();
    assertThat(verdict.differences().getFirst()).matches("request \\d+ .*: engine cached .*");
  }

  private static VerifyEngine.Outcome run(String file) throws IOException {
    return VerifyEngine.run(Recordings.requests(Recorded.file(file)), RECORDED);
  }

  private static EventsVerdict events(String file, VerifyEngine.Outcome outcome)
      throws IOException {
    return EventsVerdict.of(Recordings.events(Recorded.file(file)), outcome.events());
  }
}
