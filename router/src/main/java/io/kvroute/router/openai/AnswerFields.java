package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code usage}, an empty {@code choices} and the answer's ids or text in JSON that passes by
 * in pieces, without parsing it: keys end where colons are, so it looks at colons only and at the
 * few bytes before each. A quote inside a JSON string is always escaped, so text that looks like a
 * key cannot be taken for one. Keys are expected to touch their colon, as every engine writes them.
 *
 * <p>Keeps the last usage object (bounded) and the part of the answer it is asked to. Not
 * thread-safe.
 */
final class AnswerFields {

  private static final byte[] USAGE = "\"usage\"".getBytes(US_ASCII);
  private static final byte[] CHOICES = "\"choices\"".getBytes(US_ASCII);
  private static final int USAGE_LIMIT_BYTES = 8192;

  private enum Mode {
    SEEKING,
    USAGE_VALUE,
    USAGE_OBJECT,
    IDS_VALUE,
    IDS,
    TEXT_VALUE,
    TEXT,
    CHOICES_VALUE,
    CHOICES_ARRAY
  }

  private final AnswerPart kept;
  private final byte[] keptKey;
  private final TextCapture text = new TextCapture();
  private byte[] captured = {};
  private int capturedLength;
  private int depth;
  private boolean inString;
  private boolean escaped;
  private Mode mode = Mode.SEEKING;

  private Usage usage = Usage.UNKNOWN;
  private int[] ids = {};
  private int idCount;
  private int id = -1;
  private boolean choicesEmpty;

  AnswerFields(AnswerPart kept) {
    this.kept = kept;
    this.keptKey = ('"' + kept.key() + '"').getBytes(US_ASCII);
  }

  Usage usage() {
    return usage;
  }

  int[] ids() {
    return Arrays.copyOf(ids, idCount);
  }

  /** The answer's text so far; null where it is too long. */
  @Nullable String text() {
    return text.text();
  }

  /** Whether this document said {@code "choices":[]}, as chunks do that carry only usage. */
  boolean choicesEmpty() {
    return choicesEmpty;
  }

  /** Forgets where it was: another document begins. */
  void nextDocument() {
    mode = Mode.SEEKING;
    choicesEmpty = false;
  }

  /**
   * Takes the document's next bytes, {@code bytes[from..to)}. Where the document did not begin at
   * {@code from}, what came before must precede it in {@code bytes}, {@link Window#PAST} bytes.
   */
  void accept(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (mode == Mode.SEEKING) {
        i = ByteSearch.find(bytes, i, to, ':');
        if (i < to) {
          mode = valueOf(bytes, i);
          i++;
        }
      } else {
        value(bytes[i++]);
      }
    }
  }

  /** What to do with the value behind the colon at {@code i}, by the key before it. */
  private Mode valueOf(byte[] bytes, int i) {
    if (bytes[i - 1] != '"') {
      return Mode.SEEKING;
    }
    return switch (bytes[i - 2]) {
      case 'e' -> ends(bytes, i, USAGE) ? Mode.USAGE_VALUE : Mode.SEEKING;
      case 's' -> ends(bytes, i, CHOICES) ? Mode.CHOICES_VALUE : kept(bytes, i);
      case 't' -> kept(bytes, i);
      default -> Mode.SEEKING;
    };
  }

  private Mode kept(byte[] bytes, int i) {
    if (kept == AnswerPart.NOTHING || !ends(bytes, i, keptKey)) {
      return Mode.SEEKING;
    }
    return kept.isText() ? Mode.TEXT_VALUE : Mode.IDS_VALUE;
  }

  private static boolean ends(byte[] bytes, int i, byte[] key) {
    return Arrays.equals(bytes, i - key.length, i, key, 0, key.length);
  }

  private void value(byte b) {
    switch (mode) {
      case SEEKING -> {}
      case USAGE_VALUE -> begin(b, '{', Mode.USAGE_OBJECT);
      case IDS_VALUE -> begin(b, '[', Mode.IDS);
      case TEXT_VALUE -> begin(b, '"', Mode.TEXT);
      case CHOICES_VALUE -> begin(b, '[', Mode.CHOICES_ARRAY);
      case CHOICES_ARRAY -> {
        if (b != ' ') {
          choicesEmpty = b == ']';
          mode = Mode.SEEKING;
        }
      }
      case USAGE_OBJECT -> usageByte(b);
      case IDS -> idByte(b);
      case TEXT -> mode = text.ends(b) ? Mode.SEEKING : Mode.TEXT;
    }
  }

  private void begin(byte b, char open, Mode next) {
    if (b == open) {
      mode = next;
      capturedLength = 0;
      depth = 0;
      inString = false;
      escaped = false;
      if (next == Mode.USAGE_OBJECT) {
        usageByte(b);
      }
    } else if (b != ' ') {
      mode = Mode.SEEKING;
    }
  }

  private void usageByte(byte b) {
    if (capturedLength == captured.length) {
      if (capturedLength == USAGE_LIMIT_BYTES) {
        mode = Mode.SEEKING;
        return;
      }
      captured = Arrays.copyOf(captured, Math.max(256, 2 * capturedLength));
    }
    captured[capturedLength++] = b;
    if (inString) {
      inString = escaped || b != '"';
      escaped = !escaped && b == '\\';
    } else if (b == '"') {
      inString = true;
    } else if (b == '{') {
      depth++;
    } else if (b == '}' && --depth == 0) {
      usage = UsageReader.read(usage, captured, capturedLength);
      mode = Mode.SEEKING;
    }
  }

  private void idByte(byte b) {
    if (b >= '0' && b <= '9') {
      id = Math.max(0, id) * 10 + (b - '0');
      return;
    }
    if (id >= 0) {
      if (idCount == ids.length) {
        ids = Arrays.copyOf(ids, Math.max(64, 2 * idCount));
      }
      ids[idCount++] = id;
      id = -1;
    }
    if (b != ',' && b != ' ') {
      mode = Mode.SEEKING;
    }
  }
}
