package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.TestSeed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Mutated requests, cut anywhere, against Netty's decoder: what is taken here, Netty takes too, and
 * for the same request with the same body and the same bytes left over. The reverse does not hold:
 * Netty takes more.
 */
final class MessageFuzzTest {

  private static final int ROUNDS = 30_000;
  private static final String[] SEEDS = {
    "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{\"a\"}GET /",
    "POST /v1/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\n{\"a\":\r\n2;x=y\r\n1}\r\n0\r\nX-Trailer: 1\r\n\r\nGET /",
    "GET /health HTTP/1.0\r\nConnection: keep-alive\r\nX-A: b c\r\n\r\nGET /",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  };
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ":",
    "0",
    "1",
    "ff",
    ";",
    ",",
    "\0",
    "\u000b",
    "\u0080",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "chunked",
    "HTTP/1.1",
    "\r\n\r\n",
    "X: y\r\n z\r\n",
    "+",
    "-",
    "0x",
    "Host: b\r\n"
  };

  @RegisterExtension private final TestSeed seed = new TestSeed();

  /** A request as a decoder saw it. */
  private record Seen(String method, String target, List<String> headers, String body) {}

  @Test
  void nothingIsTakenThatNettyTakesForSomethingElse() {
    Random random = seed.random();
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String message = mutate(SEEDS[random.nextInt(SEEDS.length)], random);
      StringBuilder rest = new StringBuilder();
      Seen ours = ours(message, random, rest);
      if (ours != null) {
        taken++;
        Seen netty = netty(message.substring(0, message.length() - rest.length()));
        assertThat(ours)
            .as("round %s: %s", i, message.replace("\r", "\\r").replace("\n", "\\n"))
            .isEqualTo(netty);
      }
    }
    assertThat(taken).as("messages taken").isBetween(ROUNDS / 50, ROUNDS);
  }

  private static String mutate(String seed, Random random) {
    StringBuilder message = new StringBuilder(seed);
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(message.length());
      switch (random.nextInt(4)) {
        case 0 -> message.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> message.deleteCharAt(at);
        case 2 -> message.setCharAt(at, (char) random.nextInt(256));
        default -> message.delete(at, Math.min(message.length(), at + random.nextInt(12)));
      }
      if (message.isEmpty()) {
        return seed;
      }
    }
    return message.toString();
  }

  /** The request as read here, in pieces; null if it is refused or not whole. */
  private static @Nullable Seen ours(String message, Random random, StringBuilder rest) {
    HeadParser parser = HeadParser.ofRequests(4096, 64);
    BodyDecoder decoder = new BodyDecoder();
    StringBuilder body = new StringBuilder();
    ByteBuf in = Unpooled.buffer();
    boolean headDone = false;
    int fed = 0;
    try {
      while (fed < message.length()) {
        int more = Math.min(1 + random.nextInt(40), message.length() - fed);
        in.writeBytes(message.substring(fed, fed + more).getBytes(ISO_8859_1));
        fed += more;
        if (!headDone && parser.parse(in)) {
          headDone = true;
          decoder.start(Framing.ofRequest(parser.head()));
        }
        if (headDone) {
          for (int run = decoder.next(in); run > 0; run = decoder.next(in)) {
            body.append(in.readCharSequence(run, ISO_8859_1));
          }
          if (decoder.done()) {
            rest.append(in.toString(ISO_8859_1)).append(message.substring(fed));
            return seen(parser.head(), body.toString());
          }
        }
      }
      return null;
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  private static Seen seen(Head head, String body) {
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < head.count(); i++) {
      ByteBuf line = Unpooled.buffer();
      head.writeLine(line, i);
      String text = line.toString(ISO_8859_1);
      headers.add(text.substring(0, text.indexOf(':')) + "=" + head.value(i));
    }
    return new Seen(head.method(), head.target(), headers, body);
  }

  private static @Nullable Seen netty(String message) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(Unpooled.copiedBuffer(message, ISO_8859_1));
    Seen seen = null;
    StringBuilder body = new StringBuilder();
    boolean whole = false;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
          headers.add(header.getKey() + "=" + header.getValue());
        }
        seen = new Seen(request.method().name(), request.uri(), headers, "");
      }
      if (read instanceof HttpContent content) {
        body.append(content.content().toString(ISO_8859_1));
        whole |= content instanceof LastHttpContent && content.decoderResult().isSuccess();
      }
      ReferenceCountUtil.release(read);
    }
    channel.finishAndReleaseAll();
    return seen == null || !whole
        ? null
        : new Seen(seen.method(), seen.target(), seen.headers(), body.toString());
  }
}
