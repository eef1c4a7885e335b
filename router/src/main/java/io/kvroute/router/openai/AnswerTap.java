package io.kvroute.router.openai;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Watches a whole (not streamed) answer pass by and learns its usage and what it is told to keep.
 * Copies and holds nothing else. Not thread-safe.
 */
public final class AnswerTap {

  private final Window window = new Window();
  private final AnswerFields fields;

  /**
   * A tap on one answer.
   *
   * @param kept what to keep of it
   */
  public AnswerTap(AnswerPart kept) {
    this.fields = new AnswerFields(kept);
  }

  /** Takes the body's next bytes; the buffer's indices and reference count stay as they are. */
  public void accept(ByteBuf bytes) {
    int end = bytes.writerIndex();
    for (int i = bytes.readerIndex(); i < end; i += Window.SIZE) {
      int to = window.fill(bytes, i, end);
      fields.accept(window.bytes(), Window.PAST, to);
    }
  }

  /** What the engine said so far. */
  public Usage usage() {
    return fields.usage();
  }

  /** A copy of the answer's ids so far; empty where they are not told or not kept. */
  public int[] ids() {
    return fields.ids();
  }

  /** The answer's text so far; empty where it is not kept, null where it is too long for that. */
  public @Nullable String text() {
    return fields.text();
  }
}
