package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds {@code usage}, {@code token_ids} and an empty {@code choices} in JSON that passes by in
 * pieces, without parsing it: keys end where colons are, so it looks at colons only, eight bytes at
 * a time, and at the few bytes before each. A quote inside a JSON string is always escaped, so text
 * that looks like a key cannot be taken for one. Keys are expected to touch their colon, as every
 * engine writes them.
 *
 * <p>Keeps a few bytes, the last usage object (bounded) and, where asked to, the answer's ids. Not
 * thread-safe.
 */
final class AnswerFields {

  private static final byte[] USAGE = "\"usage\"".getBytes(US_ASCII);
  private static final byte[] TOKEN_IDS = "\"token_ids\"".getBytes(US_ASCII);
  private static final byte[] CHOICES = "\"choices\"".getBytes(US_ASCII);
  private static final int TAIL = 16;
  private static final int USAGE_LIMIT_BYTES = 8192;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private enum Mode {
    SEEKING,
    USAGE_VALUE,
    USAGE_OBJECT,
    IDS_VALUE,
    IDS,
    CHOICES_VALUE,
    CHOICES_ARRAY
  }

  private final boolean keepIds;
  private final byte[] tail = new byte[TAIL];
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

  AnswerFields(boolean keepIds) {
    this.keepIds = keepIds;
  }

  Usage usage() {
    return usage;
  }

  int[] ids() {
    return Arrays.copyOf(ids, idCount);
  }

  /** Whether this document said {@code "choices":[]}, as chunks do that carry only usage. */
  boolean choicesEmpty() {
    return choicesEmpty;
  }

  /** Forgets where it was: another document begins. */
  void nextDocument() {
    mode = Mode.SEEKING;
    choicesEmpty = false;
    tail[TAIL - 1] = 0;
  }

  /** Takes the document's next bytes; {@code buffer}'s indices stay as they are. */
  void accept(ByteBuf buffer, int from, int to) {
    int i = from;
    while (i < to) {
      if (mode == Mode.SEEKING) {
        i = colon(buffer, i, to);
        if (i < to) {
          mode = valueOf(buffer, from, i);
          i++;
        }
      } else {
        value(buffer.getByte(i++));
      }
    }
    remember(buffer, from, to);
  }

  private static int colon(ByteBuf buffer, int from, int to) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long word = buffer.getLongLE(i) ^ (ONES * ':');
      long marks = (word - ONES) & ~word & HIGHS;
      if (marks != 0) {
        return i + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (i < to && buffer.getByte(i) != ':') {
      i++;
    }
    return i;
  }

  /** What to do with the value behind the colon at {@code i}, by the key before it. */
  private Mode valueOf(ByteBuf buffer, int from, int i) {
    if (before(buffer, from, i, 1) != '"' || before(buffer, from, i, 2) != 's') {
      return before(buffer, from, i, 2) == 'e' && ends(buffer, from, i, USAGE)
          ? Mode.USAGE_VALUE
          : Mode.SEEKING;
    }
    if (keepIds && ends(buffer, from, i, TOKEN_IDS)) {
      return Mode.IDS_VALUE;
    }
    return ends(buffer, from, i, CHOICES) ? Mode.CHOICES_VALUE : Mode.SEEKING;
  }

  private boolean ends(ByteBuf buffer, int from, int i, byte[] key) {
    for (int back = 1; back <= key.length; back++) {
      if (before(buffer, from, i, back) != key[key.length - back]) {
        return false;
      }
    }
    return true;
  }

  private byte before(ByteBuf buffer, int from, int i, int back) {
    int index = i - back;
    return index >= from ? buffer.getByte(index) : tail[TAIL + index - from];
  }

  private void remember(ByteBuf buffer, int from, int to) {
    int length = Math.min(TAIL, to - from);
    System.arraycopy(tail, length, tail, 0, TAIL - length);
    buffer.getBytes(to - length, tail, TAIL - length, length);
  }

  private void value(byte b) {
    switch (mode) {
      case SEEKING -> {}
      case USAGE_VALUE -> begin(b, '{', Mode.USAGE_OBJECT);
      case IDS_VALUE -> begin(b, '[', Mode.IDS);
      case CHOICES_VALUE -> begin(b, '[', Mode.CHOICES_ARRAY);
      case CHOICES_ARRAY -> {
        if (b != ' ') {
          choicesEmpty = b == ']';
          mode = Mode.SEEKING;
        }
      }
      case USAGE_OBJECT -> usageByte(b);
      case IDS -> idByte(b);
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
