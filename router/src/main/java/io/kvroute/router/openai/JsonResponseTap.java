package io.kvroute.router.openai;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a complete (not streamed) response while it is forwarded: its usage and the part it was
 * asked to keep. Copies nothing else. Not thread-safe.
 */
public final class JsonResponseTap {

  private final ByteWindow window = new ByteWindow();
  private final ResponseFields fields;

  /**
   * A tap on one response.
   *
   * @param part the part to keep
   */
  public JsonResponseTap(CapturedPart part) {
    this.fields = new ResponseFields(part);
  }

  /** Reads the body's next bytes; does not change the buffer's indices or reference count. */
  public void accept(ByteBuf bytes) {
    int end = bytes.writerIndex();
    for (int i = bytes.readerIndex(); i < end; i += ByteWindow.SIZE) {
      int to = window.fill(bytes, i, end);
      fields.accept(window.bytes(), ByteWindow.PAST, to);
    }
  }

  /** The usage reported so far. */
  public Usage usage() {
    return fields.usage();
  }

  /** A copy of the response's token ids so far; empty if there are none or they are not part. */
  public int[] ids() {
    return fields.ids();
  }

  /** The response's text so far; empty if it is not part, null if it exceeded the limit. */
  public @Nullable String text() {
    return fields.text();
  }
}
