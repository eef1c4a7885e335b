package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The library's form C, which a tokenizer of bytes shows. */
class NfcTest {

  private static final long SEED = Long.getLong("kvroute.bpe.seed", System.nanoTime());

  private final HuggingFace library =
      new HuggingFace(
          ByteTokenizer.json(
              "{\"normalizer\":{\"type\":\"NFC\"},\"pre_tokenizer\":{\"type\":\"ByteLevel\","
                  + "\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}}"));

  @AfterEach
  void close() {
    library.close();
  }

  /** Characters that the JDK, whose Unicode is newer, changes, joins or moves, and some others. */
  private static List<String> reacting() {
    List<String> reacting = new ArrayList<>();
    for (int c = 0xc0; c < 0x32400; c++) {
      String text = Character.toString(c);
      boolean reacts =
          !Normalizer.isNormalized(text, Form.NFC)
              || !Normalizer.isNormalized("\u0301" + text + "\u0316", Form.NFC);
      boolean hangul = c >= 0xac00 && c <= 0xd7a3 && c % 53 != 0;
      if (!Character.isSurrogate((char) c) && !hangul) {
        String decomposed = Normalizer.normalize(text, Form.NFD);
        if (reacts || !decomposed.equals(text)) {
          reacting.add(text);
          reacting.add(decomposed);
        }
      }
    }
    return reacting;
  }

  private void check(String text) {
    String own = Nfc.isInert(text, 0, text.length()) ? text : Nfc.normalize(text);
    assertThat(own)
        .as(text.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining(" ")))
        .isEqualTo(ByteTokenizer.text(library.encode(text)));
  }

  @Test
  void isTheLibrarysForEveryCharacterThatReacts() {
    for (String text : reacting()) {
      check(text);
      check("a\u0301" + text);
      check("e" + text + "\u0316\u0301");
    }
  }

  @Test
  void isTheLibrarysForRandomSequences() {
    System.out.println("to repeat: -Dkvroute.bpe.seed=" + SEED);
    Random random = new Random(SEED);
    List<String> reacting = reacting();
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(
            random.nextInt(4) == 0
                ? "aeoA \u1100\uac00".substring(random.nextInt(7)).substring(0, 1)
                : reacting.get(random.nextInt(reacting.size())));
      }
      check(text.toString());
    }
  }
}
