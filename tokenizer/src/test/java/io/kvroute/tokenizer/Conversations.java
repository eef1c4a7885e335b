package io.kvroute.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Conversations of ten turns for measurements: a long first message (a document, code) and short
 * questions and answers after it, as assistants and agents have them. Words follow Zipf's law, with
 * numbers, punctuation and line breaks between them; the same seed gives the same text.
 */
final class Conversations {

  private static final int TURNS = 10;
  private static final int QUESTION_WORDS = 40;
  private static final int ANSWER_WORDS = 110;
  private static final int VOCABULARY = 8_000;
  private static final String COUNTER = "0000000000";
  private static final double TOKENS_PER_WORD = 1.9;
  private static final String[] SYLLABLES = {
    "re", "con", "ta", "tion", "al", "ment", "er", "in", "pro", "ver", "de", "st", "ri", "le", "an",
    "ser", "port", "form", "ic", "ous", "ly", "un", "der", "com", "put", "mo", "del", "to", "ken"
  };

  private final Random random;
  private final String[] vocabulary = new String[VOCABULARY];
  private final List<String> messages = new ArrayList<>();

  /** A conversation whose tenth turn has about so many tokens. */
  Conversations(int tokens, long seed) {
    random = new Random(seed);
    for (int i = 0; i < VOCABULARY; i++) {
      vocabulary[i] = word();
    }
    int later = (TURNS - 1) * (QUESTION_WORDS + ANSWER_WORDS);
    int first = Math.max(QUESTION_WORDS, (int) (tokens / TOKENS_PER_WORD) - later);
    messages.add(message("user", text(first)));
    for (int turn = 1; turn < TURNS; turn++) {
      messages.add(message("assistant", text(ANSWER_WORDS)));
      messages.add(message("user", text(QUESTION_WORDS)));
    }
  }

  /** The request of the ninth turn. */
  byte[] turnNine() {
    return body(messages.subList(0, messages.size() - 2));
  }

  /** The request of the tenth turn; {@link #makeNew} makes its new messages new once more. */
  byte[] turnTen() {
    List<String> fresh = new ArrayList<>(messages.subList(0, messages.size() - 2));
    fresh.add(message("assistant", COUNTER + " " + text(ANSWER_WORDS)));
    fresh.add(message("user", COUNTER + " " + text(QUESTION_WORDS)));
    return body(fresh);
  }

  /** Writes a number nobody has seen into the new messages of {@link #turnTen}, in place. */
  static void makeNew(byte[] turnTen, int[] places, int number) {
    for (int place : places) {
      int rest = number;
      for (int i = COUNTER.length() - 1; i >= 0; i--) {
        turnTen[place + i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
  }

  /** Where {@link #makeNew} writes. */
  static int[] places(byte[] turnTen) {
    String text = new String(turnTen, StandardCharsets.UTF_8);
    int first = text.indexOf(COUNTER);
    return new int[] {first, text.indexOf(COUNTER, first + 1)};
  }

  private static byte[] body(List<String> messages) {
    return ("{\"model\":\"qwen3\",\"messages\":[" + String.join(",", messages) + "]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String message(String role, String text) {
    String escaped = text.replace("\n", "\\n").replace("\"", "\\\"");
    return "{\"role\":\"" + role + "\",\"content\":\"" + escaped + "\"}";
  }

  private String text(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(vocabulary[(int) (VOCABULARY * Math.pow(random.nextDouble(), 4))]);
      int end = random.nextInt(40);
      text.append(
          end == 0
              ? ".\n\n"
              : end == 1
                  ? ".\n"
                  : end < 5
                      ? ". "
                      : end < 8 ? ", " : end == 8 ? " \"" + random.nextInt(10_000) + "\" " : " ");
    }
    return text.toString();
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    int syllables = 1 + random.nextInt(3);
    for (int i = 0; i < syllables; i++) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    if (random.nextInt(12) == 0) {
      word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
    }
    return word.toString();
  }
}
