package io.kvroute.loadtest.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Multi-turn conversations that arrive as a Poisson process (an open model: a slow server does not
 * slow the arrivals down). Each belongs to one of a few applications, whose system prompt it
 * shares, and opens with a document of its own.
 *
 * @param seed the same seed makes the same conversations
 * @param meanArrivalGapMillis mean time between two conversations' arrivals
 * @param applications how many system prompts there are
 * @param systemTokens about how long a system prompt is
 * @param documentTokens mean length of the document in a first message
 * @param questionTokens mean length of a later message
 * @param answerTokens mean length of an answer
 * @param turns turns in a conversation
 * @param meanThinkMillis mean time between an answer and the next message
 */
public record ConversationWorkload(
    long seed,
    int conversations,
    double meanArrivalGapMillis,
    int applications,
    int systemTokens,
    int documentTokens,
    int questionTokens,
    int answerTokens,
    int turns,
    double meanThinkMillis) {

  /** The conversations, by arrival. */
  public List<Conversation> generate() {
    SplittableRandom root = new SplittableRandom(seed);
    Prose systemProse = new Prose(root.split());
    List<String> systemPrompts = new ArrayList<>();
    for (int i = 0; i < applications; i++) {
      systemPrompts.add("You are assistant " + i + ". " + systemProse.text(systemTokens));
    }
    List<Conversation> all = new ArrayList<>();
    double arrivalMillis = 0;
    for (int id = 0; id < conversations; id++) {
      SplittableRandom random = root.split();
      String system = systemPrompts.get(random.nextInt(applications));
      all.add(new Conversation(id, Math.round(arrivalMillis), system, turns(random)));
      arrivalMillis += exponential(random, meanArrivalGapMillis);
    }
    return List.copyOf(all);
  }

  private List<Conversation.Turn> turns(RandomGenerator random) {
    Prose prose = new Prose(random);
    List<Conversation.Turn> made = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      int tokens = around(random, turn == 0 ? documentTokens : questionTokens);
      long thinkMillis = turn == 0 ? 0 : Math.round(exponential(random, meanThinkMillis));
      made.add(
          new Conversation.Turn(prose.text(tokens), thinkMillis, around(random, answerTokens)));
    }
    return List.copyOf(made);
  }

  /** Between half and one and a half times {@code mean}. */
  private static int around(RandomGenerator random, int mean) {
    return Math.max(1, mean / 2 + random.nextInt(mean + 1));
  }

  private static double exponential(RandomGenerator random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
