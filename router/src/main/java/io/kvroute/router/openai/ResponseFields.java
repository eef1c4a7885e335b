package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code usage}, an empty {@code choices}, and the response's token ids or text in JSON that
 * arrives in pieces, without parsing it.
 *
 * <p>Every key ends at a colon, so the scan looks for colons only and compares the few bytes before
 * each. A quote inside a JSON string is always escaped, so text that looks like a key cannot match.
 * A key must touch its colon, as in every engine's output. For example:
 *
 * <pre>
 *   {"choices":[{"delta":{"content":"a \"usage\": b"}}],"usage":{"prompt_tokens":9}}
 *   "choices":    the array is not empty
 *   "content":    captured if the tap was asked for it
 *   \"usage\":    no match, because a backslash stands before the closing quote
 *   "usage":      the object is parsed
 * </pre>
 *
 * <p>Keeps the last usage object, up to a limit, and the part of the response it was asked to keep.
 * Not thread-safe.
 */
final class ResponseFields {

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

  private final CapturedPart part;
  private final byte[] partKey;
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

  ResponseFields(CapturedPart part) {
    this.part = part;
    this.partKey = ('"' + part.key() + '"').getBytes(US_ASCII);
  }

  Usage usage() {
    return usage;
  }

  int[] ids() {
    return Arrays.copyOf(ids, idCount);
  }

  /** The response's text so far, or null if it exceeded the limit. */
  @Nullable String text() {
    return text.text();
  }

  /** Whether this document contained {@code "choices":[]}, as usage-only chunks do. */
  boolean choicesEmpty() {
    return choicesEmpty;
  }

  /** Starts another document. */
  void nextDocument() {
    mode = Mode.SEEKING;
    choicesEmpty = false;
  }

  /**
   * Reads the document's next bytes, {@code bytes[from..to)}. Unless the document begins at {@code
   * from}, the {@link ByteWindow#PAST} bytes before it must hold what came before.
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

  /** The mode for the value behind the colon at {@code i}, chosen by the key before it. */
  private Mode valueOf(byte[] bytes, int i) {
    if (bytes[i - 1] != '"') {
      return Mode.SEEKING;
    }
    return switch (bytes[i - 2]) {
      case 'e' -> ends(bytes, i, USAGE) ? Mode.USAGE_VALUE : Mode.SEEKING;
      case 's' -> ends(bytes, i, CHOICES) ? Mode.CHOICES_VALUE : capturedValue(bytes, i);
      case 't' -> capturedValue(bytes, i);
      default -> Mode.SEEKING;
    };
  }

  private Mode capturedValue(byte[] bytes, int i) {
    if (part == CapturedPart.NOTHING || !ends(bytes, i, partKey)) {
      return Mode.SEEKING;
    }
    return part.isText() ? Mode.TEXT_VALUE : Mode.IDS_VALUE;
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
