package io.kvroute.tokenizer;

import io.kvroute.tokenizer.bpe.AddedToken;
import io.kvroute.tokenizer.bpe.BpeTokenizer;
import io.kvroute.tokenizer.bpe.IdBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Compares our own encoder with the Hugging Face library when a tokenizer is loaded: on prose and
 * code in many scripts, on characters of all of Unicode, on texts made of the tokenizer's own
 * tokens, and on added tokens among these. Takes about a tenth of a second.
 */
final class EncoderCheck {

  private static final long SEED = 13;
  private static final int TEXTS = 40;
  private static final int FRAGMENTS = 60;
  private static final int LAST_CODE_POINT = 0x323af;

  private static final String[] FRAGMENTS_OF_TEXT = {
    "The quick brown fox doesn't jump; they'LL've 12345 reasons (I'm sure).\n\n",
    " HTTPServer\u2019s getHTTPResponseCode()\t// see https://example.org/a?b=c\r\n",
    "    def f(self, x: int = 0x1F) -> None:\n        return self.items[x]['key']\n",
    "Größenmaß naïve Übung ÉCOLE Ǆungla \u017fo\u017f 's'\u017f ﬁn",
    "Пётр говорит: «съешь ещё этих мягких булок, да выпей же чаю»",
    "Η γρήγορη αλεπού ΤΡΈΧΕΙ",
    "我们昨天去了北京大学。他说：“今天的天气非常好！”",
    "今日はとても良い天気ですね、カタカナ・テスト。",
    "안녕하세요 세계",
    "السلام عليكم ورحمة الله ١٢٣٤",
    "नमस्ते दुनिया क्षत्रिय",
    "สวัสดีชาวโลก",
    "e\u0301a\u0308o\u0323\u0302 \u1100\u1161\u11a8",
    "👩‍👩‍👧🇩🇪🚀 ½²³Ⅷ ①",
    "   \n \t\u00a0\u3000\u2028 \r\n\n",
    "{\"a\": [1, 2.50, -3e8], \"b\": null}",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "\u0000\u0007\u200b\ufeff\ue000"
  };

  private final LibraryTokenizer library;
  private final BpeTokenizer own;
  private final List<AddedToken> added;
  private final Random random = new Random(SEED);

  EncoderCheck(LibraryTokenizer library, BpeTokenizer own, List<AddedToken> added) {
    this.library = library;
    this.own = own;
    this.added = added;
  }

  /** A text that has other ids in our encoder than in the library; null if none was found. */
  @Nullable String difference() {
    for (int i = 0; i < TEXTS; i++) {
      String text = text();
      IdBuffer ids = new IdBuffer(text.length());
      own.encode(text, ids);
      int[] expected = library.encode(text, false);
      boolean same =
          Arrays.equals(ids.raw(), 0, ids.count(), expected, 0, expected.length)
              && own.decode(expected, false).equals(decode(expected));
      if (!same) {
        return text;
      }
    }
    return null;
  }

  private String decode(int[] ids) {
    return library.decode(Arrays.stream(ids).asLongStream().toArray(), false);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < FRAGMENTS; i++) {
      switch (random.nextInt(4)) {
        case 0 -> text.append(FRAGMENTS_OF_TEXT[random.nextInt(FRAGMENTS_OF_TEXT.length)]);
        case 1 -> text.append(own.decode(new int[] {random.nextInt(1 << 17)}, true));
        case 2 -> appendCodePoints(text);
        default -> appendAddedToken(text);
      }
      if (random.nextInt(4) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private void appendCodePoints(StringBuilder text) {
    for (int i = 0; i < 8; i++) {
      int codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : LAST_CODE_POINT);
      if (!Character.isBmpCodePoint(codePoint) || !Character.isSurrogate((char) codePoint)) {
        text.appendCodePoint(codePoint);
      }
    }
  }

  private void appendAddedToken(StringBuilder text) {
    if (!added.isEmpty()) {
      String content = added.get(random.nextInt(added.size())).content();
      text.append(
          content, random.nextInt(8) == 0 ? Math.min(1, content.length()) : 0, content.length());
    }
  }
}
