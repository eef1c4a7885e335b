package io.kvroute.router.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares the shadow, through the index, with what a real engine reported. */
final class ShadowRecordingTest {

  private static final long ROOT = new KeySpace(1).tokenRoot("m", null);
  private static final int SLOT = 1;

  private final BlockIndex index = new BlockIndex(1L << 26);
  private final Shadow shadow =
      new Shadow(index.open(SLOT), Recording.NUM_BLOCKS, Recording.BLOCK_SIZE);

  private static PromptKeys prompt(Recording.Request request) {
    return PromptKeys.of(PromptMode.TOKENS, ROOT, request.prompt, request.prompt.length);
  }

  private static PromptKeys whole(Recording.Request request, Sequence sequence) {
    return sequence.prompt.followedBy(request.output, request.output.length);
  }

  /** Tokens predicted to be cached, looked up as the router does. */
  private int predict(PromptKeys prompt) {
    BlockKeys keys = prompt.blocks(Recording.BLOCK_SIZE);
    int[] matched = new int[SLOT + 1];
    index.match(keys, matched);
    return matched[SLOT] * Recording.BLOCK_SIZE;
  }

  @Test
  void predictsEveryRequestOfASequenceExactlyWhenAnswerIdsAreKnown() {
    for (Recording.Request request : Recording.read("sequence.jsonl.gz")) {
      PromptKeys prompt = prompt(request);
      assertThat(predict(prompt)).isEqualTo(request.cachedTokens);
      Sequence sequence = shadow.enqueue(prompt, 0);
      shadow.advance(0);
      assertThat(sequence.hitTokens()).isEqualTo(request.cachedTokens);
      shadow.finish(sequence, whole(request, sequence));
    }
    assertThat(shadow.usedBlocks()).isZero();
  }

  @Test
  void predictsNothingThatIsNotCachedFromPromptsAndCountsAlone() {
    Recall recall = new Recall();
    List<int[]> sent = new ArrayList<>();
    for (Recording.Request request : Recording.read("sequence.jsonl.gz")) {
      PromptKeys prompt = prompt(request);
      int predicted = predict(prompt);
      assertThat(predicted).isLessThanOrEqualTo(request.cachedTokens);
      recall.add(predicted, request, sent);
      Sequence sequence = shadow.enqueue(prompt, 0);
      shadow.finish(sequence, request.output.length);
      sent.add(request.prompt);
    }
    System.out.println("ShadowRecordingTest: from prompts and counts: " + recall);
    assertThat(recall.ofPromptBlocks()).isGreaterThan(0.99);
  }

  @Test
  void predictsEveryRequestExactlyWhenAnswerIdsBecomeKnownAfterwards() {
    for (Recording.Request request : Recording.read("sequence.jsonl.gz")) {
      PromptKeys prompt = prompt(request);
      assertThat(predict(prompt)).isEqualTo(request.cachedTokens);
      Sequence sequence = shadow.enqueue(prompt, 0);
      shadow.finish(sequence, request.output.length);
      shadow.learnAnswer(sequence, whole(request, sequence));
    }
  }

  @Test
  void staysWithinHalfAPercentWithOverlappingRequests() {
    List<Recording.Request> requests = Recording.read("concurrent.jsonl.gz");
    Replay replay = replay(requests, true);
    System.out.println("ShadowRecordingTest: concurrent, ids known: " + replay);
    assertThat(replay.recall()).isGreaterThanOrEqualTo(0.995);
    assertThat(replay.overshoot()).isLessThanOrEqualTo(0.005);
  }

  @Test
  void doesNotOvershootWithOverlappingRequestsAndCountsAlone() {
    Replay replay = replay(Recording.read("concurrent.jsonl.gz"), false);
    System.out.println("ShadowRecordingTest: concurrent, counts alone: " + replay);
    assertThat(replay.recall()).isGreaterThanOrEqualTo(0.5);
    assertThat(replay.overshoot()).isLessThanOrEqualTo(0.005);
  }

  /** A moment of the recording, and what the router sees then. */
  private record Moment(double at, int order, Runnable action) {}

  private Replay replay(List<Recording.Request> requests, boolean idsKnown) {
    Replay replay = new Replay();
    List<Moment> moments = new ArrayList<>();
    Sequence[] sequences = new Sequence[requests.size()];
    for (int i = 0; i < sequences.length; i++) {
      Recording.Request request = requests.get(i);
      int n = i;
      moments.add(
          new Moment(
              request.sent,
              2,
              () -> {
                PromptKeys prompt = prompt(request);
                replay.add(predict(prompt), request.cachedTokens);
                sequences[n] = shadow.enqueue(prompt, nanos(request.sent));
                shadow.advance(nanos(request.sent));
              }));
      int chunks = request.output.length;
      for (int c = 1; c <= chunks; c++) {
        int generated = c;
        double share = chunks == 1 ? 0 : (c - 1.0) / (chunks - 1);
        double at = request.firstToken + share * (request.finished - request.firstToken);
        moments.add(new Moment(at, 0, () -> shadow.generated(sequences[n], generated)));
      }
      moments.add(
          new Moment(
              request.finished,
              1,
              () -> {
                if (idsKnown) {
                  shadow.finish(sequences[n], whole(request, sequences[n]));
                } else {
                  shadow.finish(sequences[n], chunks);
                }
                shadow.advance(nanos(request.finished));
              }));
    }
    moments.sort(Comparator.comparingDouble(Moment::at).thenComparingInt(Moment::order));
    moments.forEach(moment -> moment.action().run());
    assertThat(shadow.usedBlocks()).isZero();
    return replay;
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  private static final class Replay {
    private int requests;
    private int exact;
    private long cached;
    private long found;
    private long over;

    void add(int predicted, int cachedTokens) {
      requests++;
      exact += predicted == cachedTokens ? 1 : 0;
      cached += cachedTokens;
      found += Math.min(predicted, cachedTokens);
      over += Math.max(0, predicted - cachedTokens);
    }

    double recall() {
      return (double) found / cached;
    }

    double overshoot() {
      return (double) over / cached;
    }

    @Override
    public String toString() {
      return "%d of %d requests exactly, %.2f%% of cached tokens, %.2f%% over"
          .formatted(exact, requests, 100 * recall(), 100 * overshoot());
    }
  }

  /**
   * Cached tokens that were predicted, counted apart for blocks of earlier prompts and of answers.
   */
  private static final class Recall {
    private long promptCached;
    private long promptFound;
    private long generatedCached;
    private long generatedFound;

    void add(int predicted, Recording.Request request, List<int[]> earlier) {
      int sent = 0;
      for (int[] prompt : earlier) {
        sent = Math.max(sent, commonPrefix(prompt, request.prompt));
      }
      int promptPart =
          Math.min(request.cachedTokens, sent / Recording.BLOCK_SIZE * Recording.BLOCK_SIZE);
      promptCached += promptPart;
      promptFound += Math.min(predicted, promptPart);
      generatedCached += request.cachedTokens - promptPart;
      generatedFound += Math.max(0, Math.min(predicted, request.cachedTokens) - promptPart);
    }

    private static int commonPrefix(int[] a, int[] b) {
      int mismatch = Arrays.mismatch(a, b);
      return mismatch < 0 ? a.length : mismatch;
    }

    double ofPromptBlocks() {
      return (double) promptFound / promptCached;
    }

    double ofGeneratedBlocks() {
      return (double) generatedFound / generatedCached;
    }

    @Override
    public String toString() {
      return "%.2f%% of %d cached tokens of prompts, %.2f%% of %d generated"
          .formatted(
              100 * ofPromptBlocks(), promptCached, 100 * ofGeneratedBlocks(), generatedCached);
    }
  }
}
