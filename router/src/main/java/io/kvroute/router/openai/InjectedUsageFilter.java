package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Removes usage-only events from a stream, for a client that did not ask for usage and whose
 * request got {@link UsageInjection}. Everything else passes unchanged. Holds each event until its
 * closing blank line, because only then the kind of the event is known; an event too large for
 * usage passes as it arrives. Not thread-safe.
 */
public final class InjectedUsageFilter {

  private static final byte[] DATA = "data:".getBytes(US_ASCII);
  private static final byte[] CHOICES = "choices".getBytes(US_ASCII);
  private static final byte[] USAGE = "usage".getBytes(US_ASCII);

  /** Usage and everything that engines put beside it take a few hundred bytes. */
  private static final int LARGEST_USAGE_EVENT_BYTES = 16 * 1024;

  private byte[] event = new byte[512];
  private int length;
  private boolean tooLarge;
  private boolean lineEmpty = true;

  /**
   * The bytes that can be forwarded after {@code bytes} have arrived. Leaves the indices of {@code
   * bytes} unchanged.
   *
   * @return a buffer that the caller releases
   */
  public ByteBuf pass(ByteBuf bytes) {
    ByteBuf out = bytes.alloc().buffer(length + bytes.readableBytes());
    for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
      byte b = bytes.getByte(i);
      hold(b);
      if (b == '\n') {
        if (lineEmpty) {
          endEvent(out);
        }
        lineEmpty = true;
      } else if (b != '\r') {
        lineEmpty = false;
      }
      if (length > LARGEST_USAGE_EVENT_BYTES) {
        tooLarge = true;
        release(out);
      }
    }
    return out;
  }

  /** The bytes still held when the stream ended; the caller releases the buffer. */
  public ByteBuf rest() {
    ByteBuf rest = Unpooled.copiedBuffer(event, 0, length);
    length = 0;
    return rest;
  }

  private void hold(byte b) {
    if (length == event.length) {
      event = Arrays.copyOf(event, 2 * length);
    }
    event[length++] = b;
  }

  private void endEvent(ByteBuf out) {
    if (!tooLarge && isUsageOnly()) {
      length = 0;
    }
    release(out);
    tooLarge = false;
  }

  private void release(ByteBuf out) {
    out.writeBytes(event, 0, length);
    length = 0;
  }

  /** Whether the event is {@code data: {…,"choices":[],…,"usage":{…},…}} and nothing else. */
  private boolean isUsageOnly() {
    if (length < DATA.length || !Arrays.equals(event, 0, DATA.length, DATA, 0, DATA.length)) {
      return false;
    }
    JsonCursor cursor = new JsonCursor(event, DATA.length, length);
    boolean empty = false;
    boolean usage = false;
    try {
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (cursor.keyIs(CHOICES)) {
          cursor.enterArray();
          if (cursor.nextElement()) {
            return false;
          }
          empty = true;
        } else {
          usage |= cursor.keyIs(USAGE) && cursor.peek() == '{';
          cursor.skip();
        }
      }
      cursor.end();
    } catch (JsonSyntaxException e) {
      return false;
    }
    return empty && usage;
  }
}
