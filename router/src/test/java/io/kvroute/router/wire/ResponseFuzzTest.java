package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares responses with Netty's decoder under strict line parsing: whatever response this package
 * accepts, Netty accepts too, and reads the same status, headers and body. The reverse does not
 * hold: Netty accepts more.
 *
 * <p>They differ by design in one header: Netty removes {@code Transfer-Encoding: chunked} from a
 * response that cannot have a body (1xx, 204, 304), while this package keeps all header lines
 * unchanged and leaves it to {@link HeaderRules} not to forward that one. The comparison ignores
 * the header in such responses.
 */
final class ResponseFuzzTest {

  private static final int ROUNDS = 30_000;
  private static final String[] SEEDS = {
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}HTTP/1.1",
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        + "a\r\ndata: {}\n\n\r\ne;x=y\r\ndata: [DONE]\n\n\r\n0\r\nX-Trailer: 1\r\n\r\nHTTP/1.1",
    "HTTP/1.0 500 Internal Server Error\r\nserver: uvicorn\r\n\r\nuntil the connection closes",
    "HTTP/1.1 204 No Content\r\nx-a: b c\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 304\r\ntransfer-encoding: chunked\r\n\r\n",
  };

  /** A response as a decoder read it. */
  private record ReadResponse(int status, List<String> headers, String body) {}

  @Test
  void acceptsNoMutatedResponseThatNettyReadsDifferently() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String message = MessageMutator.mutate(SEEDS[random.nextInt(SEEDS.length)], random);
      accepted += compare(message, random, "seed " + seed + ", round " + i) ? 1 : 0;
    }
    assertThat(accepted).as("accepted messages, seed %s", seed).isBetween(ROUNDS / 20, ROUNDS);
  }

  @FuzzTest(maxDuration = "20s")
  void acceptsNoResponseThatNettyReadsDifferently(byte[] message) {
    compare(new String(message, ISO_8859_1), new Random(message.length), "fuzzed");
  }

  /** Compares both readings of a message that this package accepts; returns whether it does. */
  private static boolean compare(String message, Random random, String description) {
    StringBuilder rest = new StringBuilder();
    ReadResponse ours = readByWire(message, random, rest);
    if (ours == null) {
      return false;
    }
    ReadResponse netty = readByNetty(message.substring(0, message.length() - rest.length()));
    assertThat(ours)
        .as("%s: %s", description, message.replace("\r", "\\r").replace("\n", "\\n"))
        .isEqualTo(netty);
    return true;
  }

  /** The response as this package reads it in pieces; null if it is rejected or incomplete. */
  private static @Nullable ReadResponse readByWire(
      String message, Random random, StringBuilder rest) {
    HeadParser parser = HeadParser.ofResponses(4096, 64);
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
          decoder.start(Framing.ofResponse(parser.head()));
        }
        if (headDone) {
          for (int run = decoder.next(in); run > 0; run = decoder.next(in)) {
            body.append(in.readCharSequence(run, ISO_8859_1));
          }
          if (decoder.done()) {
            rest.append(in.toString(ISO_8859_1)).append(message.substring(fed));
            return read(parser.head(), body.toString());
          }
        }
      }
      return headDone && decoder.untilClose() ? read(parser.head(), body.toString()) : null;
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  private static ReadResponse read(Head head, String body) {
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < head.count(); i++) {
      if (hasNoBody(head.status()) && head.known(i) == KnownHeader.TRANSFER_ENCODING) {
        continue;
      }
      ByteBuf line = Unpooled.buffer();
      head.writeLine(line, i);
      String text = line.toString(ISO_8859_1);
      headers.add(text.substring(0, text.indexOf(':')) + "=" + head.value(i));
    }
    return new ReadResponse(head.status(), headers, body);
  }

  private static boolean hasNoBody(int status) {
    return status / 100 == 1 || status == 204 || status == 304;
  }

  /** The response as Netty reads it up to the connection's end; null if it is rejected. */
  private static @Nullable ReadResponse readByNetty(String message) {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpResponseDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(Unpooled.copiedBuffer(message, ISO_8859_1));
    channel.finish();
    ReadResponse head = null;
    StringBuilder body = new StringBuilder();
    boolean complete = false;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof HttpResponse response && response.decoderResult().isSuccess()) {
        List<String> headers = new ArrayList<>();
        if (hasNoBody(response.status().code())) {
          response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        for (Map.Entry<String, String> header : response.headers()) {
          headers.add(header.getKey() + "=" + header.getValue());
        }
        head = new ReadResponse(response.status().code(), headers, "");
      }
      if (read instanceof HttpContent content) {
        body.append(content.content().toString(ISO_8859_1));
        complete |= content instanceof LastHttpContent && content.decoderResult().isSuccess();
      }
      ReferenceCountUtil.release(read);
    }
    channel.finishAndReleaseAll();
    return head == null || !complete
        ? null
        : new ReadResponse(head.status(), head.headers(), body.toString());
  }
}
