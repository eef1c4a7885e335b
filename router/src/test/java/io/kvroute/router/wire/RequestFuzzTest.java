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
 * Compares requests, mutated and cut anywhere, with Netty's decoder: it accepts whatever this
 * package accepts, and reads the same request with the same body and the same bytes left over. The
 * reverse does not hold: Netty accepts more.
 */
final class RequestFuzzTest {

  private static final int ROUNDS = 30_000;
  private static final String[] SEEDS = {
    "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{\"a\"}GET /",
    "POST /v1/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "5\r\n{\"a\":\r\n2;x=y\r\n1}\r\n0\r\nX-Trailer: 1\r\n\r\nGET /",
    "GET /health HTTP/1.0\r\nConnection: keep-alive\r\nX-A: b c\r\n\r\nGET /",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  };

  @RegisterExtension private final TestSeed seed = new TestSeed();

  /** A request as a decoder read it. */
  private record ReadRequest(String method, String target, List<String> headers, String body) {}

  @Test
  void acceptsNoRequestThatNettyReadsDifferently() {
    Random random = seed.random();
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String message = MessageMutator.mutate(SEEDS[random.nextInt(SEEDS.length)], random);
      StringBuilder rest = new StringBuilder();
      ReadRequest ours = ours(message, random, rest);
      if (ours != null) {
        accepted++;
        ReadRequest netty = netty(message.substring(0, message.length() - rest.length()));
        assertThat(ours)
            .as("round %s: %s", i, message.replace("\r", "\\r").replace("\n", "\\n"))
            .isEqualTo(netty);
      }
    }
    assertThat(accepted).as("accepted messages").isBetween(ROUNDS / 50, ROUNDS);
  }

  /** The request as this package reads it in pieces; null if it is rejected or incomplete. */
  private static @Nullable ReadRequest ours(String message, Random random, StringBuilder rest) {
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

  private static ReadRequest seen(Head head, String body) {
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < head.count(); i++) {
      ByteBuf line = Unpooled.buffer();
      head.writeLine(line, i);
      String text = line.toString(ISO_8859_1);
      headers.add(text.substring(0, text.indexOf(':')) + "=" + head.value(i));
    }
    return new ReadRequest(head.method(), head.target(), headers, body);
  }

  private static @Nullable ReadRequest netty(String message) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(Unpooled.copiedBuffer(message, ISO_8859_1));
    ReadRequest seen = null;
    StringBuilder body = new StringBuilder();
    boolean whole = false;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
          headers.add(header.getKey() + "=" + header.getValue());
        }
        seen = new ReadRequest(request.method().name(), request.uri(), headers, "");
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
        : new ReadRequest(seen.method(), seen.target(), seen.headers(), body.toString());
  }
}
