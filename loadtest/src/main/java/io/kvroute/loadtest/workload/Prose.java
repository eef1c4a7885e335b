package io.kvroute.loadtest.workload;

import java.util.random.RandomGenerator;

/**
 * Generates text that tokenizes like prose: sentences of common English words, of which some are
 * drawn more often than others, with numbers between them. Not thread-safe.
 */
final class Prose {

  private static final String[] WORDS =
      """
      the of and to in is that for it as was with be by on not he his but at are this have from or
      had an they which one you were all her she there would their we him been has when who will no
      more if out so up said what its about than into them can only other time new some could these
      two may first then do any like my now over such our man even most made after also did many
      must before back through years where much your way well down should because each just those
      people how too good any state very make world still own see men work long get here between
      both life being under never day same another know while last might us great old year off come
      since against go came right used take three system customer account invoice payment delivery
      contract schedule request policy report service region product version server network storage
      request latency memory cluster question answer reason example section paragraph document
      """
          .strip()
          .split("\\s+");

  private final RandomGenerator random;

  Prose(RandomGenerator random) {
    this.random = random;
  }

  /** Text of about {@code tokens} tokens; a word with its space is about one token. */
  String text(int tokens) {
    StringBuilder text = new StringBuilder(tokens * 5);
    int left = tokens;
    while (left > 0) {
      int length = Math.min(left, 6 + random.nextInt(12));
      sentence(text, length);
      left -= length + 1;
    }
    return text.toString().strip();
  }

  private void sentence(StringBuilder text, int words) {
    for (int i = 0; i < words; i++) {
      String word = word();
      text.append(i == 0 ? Character.toUpperCase(word.charAt(0)) + word.substring(1) : word);
      text.append(i < words - 1 ? " " : ". ");
    }
  }

  private String word() {
    if (random.nextInt(40) == 0) {
      return Integer.toString(random.nextInt(100));
    }
    double skewed = Math.pow(random.nextDouble(), 1.5);
    return WORDS[(int) (skewed * WORDS.length)];
  }
}
