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
 * Writes a connection's answers. What comes between two flushes is gathered in one buffer, head and
 * chunk framing included, and so leaves in one write to the socket. Confined to its event loop.
 */
final class AnswerWriter {

  /** How the client is told where a body ends. */
  enum Form {
    /** There is no body, nor can there be one. */
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  private static final int FULL_BYTES = 32 * 1024;
  private static final int SMALLEST_BUFFER_BYTES = 512;
  private static final int HEAD_SLACK_BYTES = 256;
  private static final int CHUNK_FRAMING_BYTES = 16;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private final Channel channel;
  private @Nullable ByteBuf out;
  private boolean chunked;

  AnswerWriter(Channel channel) {
    this.channel = channel;
  }

  /**
   * Begins the answer of a replica.
   *
   * @param lines the router's own header lines, each ended by CRLF
   * @param length for {@link Form#LENGTH}
   */
  void head(Head answer, String lines, Form form, long length, boolean close) {
    ByteBuf to = room(answer.size() + lines.length() + HEAD_SLACK_BYTES);
    statusLine(to, answer.status(), answer.reason());
    HeaderRules.copyAnswerHeaders(answer, to);
    ascii(to, lines);
    endHead(to, form, length, close);
  }

  /** Writes an answer of the router's own, to its end. */
  void reply(Reply reply, String lines, boolean withBody, boolean close) {
    byte[] body = reply.body().getBytes(UTF_8);
    ByteBuf to = room(reply.lines().length() + lines.length() + body.length + HEAD_SLACK_BYTES);
    statusLine(to, reply.status(), HttpResponseStatus.valueOf(reply.status()).reasonPhrase());
    line(to, "date: ", HTTP_DATE.format(Instant.now().atOffset(ZoneOffset.UTC)));
    if (!reply.contentType().isEmpty()) {
      line(to, "content-type: ", reply.contentType());
    }
    ascii(to, reply.lines());
    ascii(to, lines);
    endHead(to, Form.LENGTH, body.length, close);
    if (withBody) {
      to.writeBytes(body);
    }
  }

  /** Tells a client that waits for it to send its body. */
  void goOn() {
    ascii(room(SMALLEST_BUFFER_BYTES), "HTTP/1.1 100 Continue\r\n\r\n");
    flush();
  }

  /** Appends to the body; the indices of {@code bytes} stay as they are. */
  void body(ByteBuf bytes) {
    int length = bytes.readableBytes();
    ByteBuf to = room(length + CHUNK_FRAMING_BYTES);
    if (chunked) {
      hex(to, length);
      crlf(to);
    }
    to.writeBytes(bytes, bytes.readerIndex(), length);
    if (chunked) {
      crlf(to);
    }
  }

  /** Appends an event to a stream that broke off, maybe in the middle of another. */
  void event(byte[] event) {
    ByteBuf bytes = Unpooled.wrappedBuffer(BLANK_LINE, event);
    body(bytes);
    bytes.release();
  }

  /** Ends the body, where its form has an end. */
  void endBody() {
    if (chunked) {
      ascii(room(CHUNK_FRAMING_BYTES), "0\r\n\r\n");
    }
  }

  /** Sends what there is. */
  void flush() {
    ByteBuf full = out;
    if (full != null) {
      out = null;
      write(full);
      channel.flush();
    }
  }

  /** Sends what there is; the future completes when all of it has left. */
  ChannelFuture flushAll() {
    ByteBuf full = out;
    out = null;
    return channel.writeAndFlush(full == null ? Unpooled.EMPTY_BUFFER : full);
  }

  /** Drops what has not been sent. */
  void release() {
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void endHead(ByteBuf to, Form form, long length, boolean close) {
    chunked = form == Form.CHUNKED;
    switch (form) {
      case CHUNKED -> ascii(to, "transfer-encoding: chunked\r\n");
      case LENGTH -> line(to, "content-length: ", Long.toString(length));
      case NONE, UNTIL_CLOSE -> {}
    }
    ascii(to, close ? "connection: close\r\n\r\n" : "\r\n");
  }

  private ByteBuf room(int bytes) {
    ByteBuf current = out;
    if (current != null && current.readableBytes() + bytes > FULL_BYTES) {
      out = null;
      write(current);
    }
    if (out == null) {
      out = channel.alloc().directBuffer(Math.max(bytes, SMALLEST_BUFFER_BYTES));
    }
    return out;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise tells the pipeline of failures
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
