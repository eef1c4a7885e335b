package io.kvroute.router.prompt;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.kvroute.router.openai.JsonSyntaxException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The text of a request in the order in which engines read it: tools, system prompt, messages. It
 * stands in for the prompt where the prompt cannot be rendered. Two prompts with a common beginning
 * have texts with a common beginning, and a conversation's next turn begins with the whole text of
 * this turn.
 *
 * <p>Layout: tool definitions and tool calls as written, message texts unescaped, and an eight-byte
 * digest for every other part of a message (images, audio, tool results). The marks 01 (message),
 * 02 (part) and 03 (digest) separate them. What clients change from turn to turn is left out: the
 * {@code cache_control} of parts, and a system block of Claude Code that vLLM drops too ({@link
 * MessagesConversion#BILLING_HEADER}). For example:
 *
 * <pre>
 *   {"messages":[{"role":"system","content":"Be brief."},
 *                {"role":"user","content":[{"type":"text","text":"Hi\\n"},{"type":"image",...}]}]}
 *
 *   01 02 system 02 Be brief. 01 02 user 02 Hi\n 03 (8 bytes)
 *   the head, which identifies the conversation, ends here    ^
 * </pre>
 *
 * <p>Covers the bodies of all four generating endpoints. Costs two passes over the body and one
 * buffer of its size. Immutable.
 */
final class CanonicalText {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final byte[] text;
  private final int length;
  private final int headLength;

  CanonicalText(byte[] text, int length, int headLength) {
    this.text = text;
    this.length = length;
    this.headLength = headLength;
  }

  /** The canonical text of a body that has been scanned before. */
  static CanonicalText of(byte[] body) throws JsonSyntaxException {
    return new CanonicalTextBuilder(body, false).read();
  }

  /** Only the part of it that {@link #conversation} needs. */
  static CanonicalText headOf(byte[] body) throws JsonSyntaxException {
    return new CanonicalTextBuilder(body, true).read();
  }

  /** Length in bytes. */
  int length() {
    return length;
  }

  /** The text as pseudo-ids of four bytes each; leaves out up to three bytes at the end. */
  int[] pseudoIds() {
    int[] ids = new int[length / Integer.BYTES];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (int) INTS.get(text, i * Integer.BYTES);
    }
    return ids;
  }

  /**
   * A hash that identifies the conversation: of everything up to its first user message; 0 if the
   * request is not a conversation.
   */
  long conversation() {
    return headLength == 0 ? 0 : HASHER.hashBytesToLong(text, 0, headLength);
  }

  /** A copy of the text. */
  byte[] bytes() {
    return Arrays.copyOf(text, length);
  }
}
