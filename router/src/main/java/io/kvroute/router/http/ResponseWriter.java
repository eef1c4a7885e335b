package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.HeaderRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a connection's responses. Gathers everything between two flushes, including heads and
 * chunk framing, in one buffer, so that it leaves in one write to the socket. Confined to its event
 * loop.
 */
final class ResponseWriter {

  /** How the client learns where a body ends. */
  enum BodyForm {
    /** The response has no body and cannot have one. */
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final int FLUSH_BYTES = 32 * 1024;
  private static final int SMALLEST_BUFFER_BYTES = 512;
  private static final int HEAD_SLACK_BYTES = 256;
  private static final int CHUNK_FRAMING_BYTES = 16;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private final Channel channel;
  private @Nullable ByteBuf out;
  private boolean chunked;

  ResponseWriter(Channel channel) {
    this.channel = channel;
  }

  /**
   * Writes the head of a replica's response.
   *
   * @param lines the router's own header lines, each ended by CRLF
   * @param length in bytes, for {@link BodyForm#LENGTH}
   */
  void head(Head response, String lines, BodyForm form, long length, boolean close) {
    ByteBuf to = buffer(response.size() + lines.length() + HEAD_SLACK_BYTES);
    statusLine(to, response.status(), response.reason());
    HeaderRules.copyResponseHeaders(response, to);
    ascii(to, lines);
    endHead(to, form, length, close);
  }

  /** Writes a complete response of the router's own. */
  void local(LocalResponse response, String lines, boolean withBody, boolean close) {
    byte[] body = response.body().getBytes(UTF_8);
    ByteBuf to =
        buffer(response.lines().length() + lines.length() + body.length + HEAD_SLACK_BYTES);
    statusLine(to, response.status(), HttpResponseStatus.valueOf(response.status()).reasonPhrase());
    line(to, "date: ", HTTP_DATE.format(Instant.now().atOffset(ZoneOffset.UTC)));
    if (!response.contentType().isEmpty()) {
      line(to, "content-type: ", response.contentType());
    }
    ascii(to, response.lines());
    ascii(to, lines);
    // RFC 9110, 8.6: a 204 has no Content-Length.
    endHead(to, response.status() == 204 ? BodyForm.NONE : BodyForm.LENGTH, body.length, close);
    if (withBody) {
      to.writeBytes(body);
    }
  }

  /** Tells a client that sent {@code Expect: 100-continue} to send its body. */
  void writeContinue() {
    ascii(buffer(SMALLEST_BUFFER_BYTES), "HTTP/1.1 100 Continue\r\n\r\n");
    flush();
  }

  /** Appends to the body; does not move the indices of {@code bytes}. */
  void body(ByteBuf bytes) {
    int length = bytes.readableBytes();
    ByteBuf to = buffer(length + CHUNK_FRAMING_BYTES);
    if (chunked) {
      hex(to, length);
      crlf(to);
    }
    to.writeBytes(bytes, bytes.readerIndex(), length);
    if (chunked) {
      crlf(to);
    }
  }

  /** Appends an event to a truncated stream. A blank line first ends any event that was cut off. */
  void event(byte[] event) {
    ByteBuf bytes = Unpooled.wrappedBuffer(BLANK_LINE, event);
    body(bytes);
    bytes.release();
  }

  /** Writes the end of the body if its form has one. */
  void endBody() {
    if (chunked) {
      ascii(buffer(CHUNK_FRAMING_BYTES), "0\r\n\r\n");
    }
  }

  /** Writes what is buffered to the socket. */
  void flush() {
    ByteBuf full = out;
    if (full != null) {
      out = null;
      write(full);
      channel.flush();
    }
  }

  /** Writes what is buffered to the socket; the future completes when all of it has been sent. */
  ChannelFuture flushAll() {
    ByteBuf full = out;
    out = null;
    return channel.writeAndFlush(full == null ? Unpooled.EMPTY_BUFFER : full);
  }

  /** Drops what is buffered. */
  void release() {
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void endHead(ByteBuf to, BodyForm form, long length, boolean close) {
    chunked = form == BodyForm.CHUNKED;
    switch (form) {
      case CHUNKED -> ascii(to, "transfer-encoding: chunked\r\n");
      case LENGTH -> line(to, "content-length: ", Long.toString(length));
      case NONE, UNTIL_CLOSE -> {}
    }
    ascii(to, close ? "connection: close\r\n\r\n" : "\r\n");
  }

  private ByteBuf buffer(int bytes) {
    ByteBuf current = out;
    if (current != null && current.readableBytes() + bytes > FLUSH_BYTES) {
      out = null;
      write(current);
    }
    if (out == null) {
      out = channel.alloc().directBuffer(Math.max(bytes, SMALLEST_BUFFER_BYTES));
    }
    return out;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports failures to the pipeline
  private void write(ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  private static void statusLine(ByteBuf to, int status, String reason) {
    ascii(to, "HTTP/1.1 ");
    ascii(to, Integer.toString(status));
    to.writeByte(' ');
    ascii(to, reason);
    crlf(to);
  }

  private static void line(ByteBuf to, String nameAndColon, String value) {
    ascii(to, nameAndColon);
    ascii(to, value);
    crlf(to);
  }

  private static void hex(ByteBuf to, int value) {
    int shift = (31 - Integer.numberOfLeadingZeros(value | 1)) / 4 * 4;
    for (; shift >= 0; shift -= 4) {
      to.writeByte(Character.forDigit(value >>> shift & 0xf, 16));
    }
  }

  private static void crlf(ByteBuf to) {
    to.writeShort('\r' << 8 | '\n');
  }

  private static void ascii(ByteBuf to, String text) {
    to.writeCharSequence(text, US_ASCII);
  }
}
