package io.kvroute.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Holds the bytes of pipelined requests: those that a client sends while its previous request is
 * still being answered. Pauses reading once it holds 64 KB. Confined to the connection's event
 * loop.
 */
final class PipelinedBytes {

  private static final int MAX_HELD_BYTES = 64 * 1024;

  private final Channel channel;
  private @Nullable ByteBuf held;

  PipelinedBytes(Channel channel) {
    this.channel = channel;
  }

  boolean isEmpty() {
    return held == null;
  }

  /** Appends all readable bytes of {@code in}. */
  void append(ByteBuf in) {
    ByteBuf before = held;
    ByteBuf all = before == null ? channel.alloc().buffer(in.readableBytes()) : before;
    held = all.writeBytes(in);
    if (all.readableBytes() >= MAX_HELD_BYTES) {
      channel.config().setAutoRead(false);
    }
  }

  /** Hands over what is held, or null; the caller releases it. */
  @Nullable ByteBuf take() {
    ByteBuf taken = held;
    held = null;
    return taken;
  }

  /** Drops what is held. */
  void release() {
    ByteBuf taken = take();
    if (taken != null) {
      taken.release();
    }
  }
}
