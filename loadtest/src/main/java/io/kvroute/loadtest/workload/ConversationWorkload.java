package io.kvroute.loadtest.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Generates multi-turn conversations that arrive as a Poisson process. The workload is open: a slow
 * server does not slow down the arrivals. Each conversation uses the system prompt of one of a few
 * applications and begins with its own document. Message and answer lengths are uniform between
 * half and one and a half times their mean.
 *
 * <p>Example with 2 applications and 3 turns, for one conversation:
 *
 * <pre>
 * system prompt      one of 2, which other conversations share
 * turn 1             a document, sent at the conversation's arrival
 * answer 1           a text, then a think time around meanThinkMillis
 * turn 2, answer 2   a question; the prompt repeats everything before it
 * turn 3, answer 3   likewise
 * </pre>
 *
 * @param seed seed of all random draws
 * @param conversations number of conversations
 * @param meanArrivalGapMillis mean time between two conversations' arrivals
 * @param applications number of system prompts
 * @param lengths lengths of the texts
 * @param turns number of turns per conversation
 * @param meanThinkMillis mean time between an answer and the next message
 */
public record ConversationWorkload(
    long seed,
    int conversations,
    double meanArrivalGapMillis,
    int applications,
    Lengths lengths,
    int turns,
    double meanThinkMillis) {

  /**
   * Lengths of texts, in tokens.
   *
   * @param system approximate length of a system prompt
   * @param document mean length of the document in a first message
   * @param question mean length of a later message
   * @param answer mean length of an answer
   */
  public record Lengths(int system, int document, int question, int answer) {}

  /** The conversations in the order of their arrival. */
  public List<ScriptedConversation> generate() {
    SplittableRandom root = new SplittableRandom(seed);
    Prose systemProse = new Prose(root.split());
    List<String> systemPrompts = new ArrayList<>();
    for (int i = 0; i < applications; i++) {
      systemPrompts.add("You are assistant " + i + ". " + systemProse.text(lengths.system()));
    }
    List<ScriptedConversation> all = new ArrayList<>();
    double arrivalMillis = 0;
    for (int id = 0; id < conversations; id++) {
      SplittableRandom random = root.split();
      String system = systemPrompts.get(random.nextInt(applications));
      all.add(new ScriptedConversation(id, Math.round(arrivalMillis), system, turns(random)));
      arrivalMillis += exponential(random, meanArrivalGapMillis);
    }
    return List.copyOf(all);
  }

  private List<ScriptedConversation.Turn> turns(RandomGenerator random) {
    Prose prose = new Prose(random);
    List<ScriptedConversation.Turn> made = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      int tokens = around(random, turn == 0 ? lengths.document() : lengths.question());
      long thinkMillis = turn == 0 ? 0 : Math.round(exponential(random, meanThinkMillis));
      made.add(
          new ScriptedConversation.Turn(
              prose.text(tokens), thinkMillis, around(random, lengths.answer())));
    }
    return List.copyOf(made);
  }

  /** A random number between half and one and a half times {@code mean}. */
  private static int around(RandomGenerator random, int mean) {
    return Math.max(1, mean / 2 + random.nextInt(mean + 1));
  }

  private static double exponential(RandomGenerator random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
