package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.client.ChatTurn;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.ObjectMapper;

/**
 * Computes an upper bound of the hit rate. It plays the requests of a run one after another, in the
 * order in which they were due, on a single cache that never evicts. No distribution of the
 * requests over any number of replicas can reach a higher hit rate. Stores the key of every block
 * seen; O(blocks) per request.
 */
final class BestPossible {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PromptEncoder encoder;
  private final int blockSize;
  private final Set<Long> cached = new HashSet<>();
  private final long root = new KeySpace(1).tokenRoot("best", null);
  private long promptTokens;
  private long hitTokens;

  private BestPossible(PromptEncoder encoder, int blockSize) {
    this.encoder = encoder;
    this.blockSize = blockSize;
  }

  static double hitRate(List<ChatTurn> turns, PromptEncoder encoder, int blockSize)
      throws PromptException {
    BestPossible cache = new BestPossible(encoder, blockSize);
    List<ChatTurn> answered =
        turns.stream()
            .filter(turn -> !turn.failed())
            .sorted(Comparator.comparingLong(ChatTurn::dueNanos))
            .toList();
    for (ChatTurn turn : answered) {
      cache.serve(turn);
    }
    return cache.promptTokens == 0 ? 0 : (double) cache.hitTokens / cache.promptTokens;
  }

  private void serve(ChatTurn turn) throws PromptException {
    EncodedPrompt prompt = encoder.encode(turn.body().getBytes(StandardCharsets.UTF_8));
    BlockKeys keys = keys(prompt.rawIds(), prompt.count());
    int hits = 0;
    while (hits < keys.matchable() && cached.contains(keys.key(hits))) {
      hits++;
    }
    promptTokens += prompt.count();
    hitTokens += (long) hits * blockSize;
    remember(prompt, answerIds(turn.answer()));
  }

  /** Adds a prompt and its answer. An engine does not compute its last sampled token. */
  private void remember(EncodedPrompt prompt, int[] answer) {
    int length = prompt.count() + Math.max(0, answer.length - 1);
    int[] ids = Arrays.copyOf(prompt.rawIds(), Math.max(length, prompt.count()));
    System.arraycopy(answer, 0, ids, prompt.count(), length - prompt.count());
    BlockKeys keys = keys(ids, length);
    for (int block = 0; block < keys.count(); block++) {
      cached.add(keys.key(block));
    }
  }

  private BlockKeys keys(int[] ids, int count) {
    return PromptKeys.of(PromptMode.TOKENS, root, ids, count).blocks(blockSize);
  }

  private int[] answerIds(String answer) throws PromptException {
    byte[] request =
        JSON.writeValueAsBytes(
            JSON.createObjectNode().put("prompt", answer).put("add_special_tokens", false));
    return encoder.encode(request).ids();
  }
}
