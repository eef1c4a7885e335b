package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Reads a chat request (8 headers, 1,000 bytes of body) and a streamed response (5 headers, 64
 * chunks of about 200 bytes, one read each) with this package and with Netty's decoders under
 * strict line parsing. Both read the head, find the body, and touch no byte of it.
 *
 * <p>Netty's figures include the EmbeddedChannel that its decoders need, about as much work as the
 * pipeline of a real channel; {@link #responseThroughAnEmptyChannel} measures a channel without a
 * decoder.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FramingBenchmark {

  private static final int CHUNKS = 64;

  private final HeadParser requestHeads = HeadParser.ofRequests(32 << 10, 128);
  private final HeadParser responseHeads = HeadParser.ofResponses(64 << 10, 256);
  private final BodyDecoder body = new BodyDecoder();
  private final EmbeddedChannel nettyRequests = channel(new HttpRequestDecoder(strict()));
  private final EmbeddedChannel nettyResponses = channel(new HttpResponseDecoder(strict()));
  private final EmbeddedChannel nettyNothing = channel();

  private ByteBuf request = buffer(chatRequest());
  private final ByteBuf[] response = new ByteBuf[CHUNKS + 1];

  private static HttpDecoderConfig strict() {
    return new HttpDecoderConfig().setStrictLineParsing(true).setMaxHeaderSize(64 << 10);
  }

  private static EmbeddedChannel channel(ChannelHandler... handlers) {
    return new EmbeddedChannel(handlers);
  }

  private static ByteBuf buffer(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  private static String chatRequest() {
    String json =
        "{\"model\":\"qwen3\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"";
    json += "x".repeat(1_000 - json.length() - 4) + "\"}]}";
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: router.example:8080\r\n"
        + "Accept: application/json\r\nContent-Type: application/json\r\n"
        + "User-Agent: OpenAI/Python 2.1.0\r\nAuthorization: Bearer sk-0123456789abcdef\r\n"
        + "X-Stainless-Lang: python\r\nAccept-Encoding: gzip, deflate\r\n"
        + "Content-Length: "
        + json.length()
        + "\r\n\r\n"
        + json;
  }

  @Setup
  public void response() {
    String event =
        "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"token\"}}]}\n\n";
    event = event + ":" + "x".repeat(198 - event.length()) + "\n";
    String chunk = Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "date: Sat, 28 Nov 2026 12:00:00 GMT",
            "server: uvicorn",
            "content-type: text/event-stream; charset=utf-8",
            "x-request-id: 1",
            "transfer-encoding: chunked",
            "",
            "");
    response[0] = buffer(head + chunk);
    for (int i = 1; i < CHUNKS; i++) {
      response[i] = buffer(chunk);
    }
    response[CHUNKS] = buffer("0\r\n\r\n");
  }

  @TearDown
  public void release() {
    request.release();
    for (ByteBuf read : response) {
      read.release();
    }
    nettyRequests.finishAndReleaseAll();
    nettyResponses.finishAndReleaseAll();
    nettyNothing.finishAndReleaseAll();
  }

  @Benchmark
  public int requestByWire() throws MalformedMessageException {
    request.readerIndex(0);
    requestHeads.reset();
    if (!requestHeads.parse(request)) {
      throw new IllegalStateException("the head is incomplete");
    }
    body.start(Framing.ofRequest(requestHeads.head()));
    int bytes = skipBody(request);
    if (!body.done()) {
      throw new IllegalStateException("the body is incomplete");
    }
    return bytes;
  }

  @Benchmark
  public int requestByNetty() {
    request.readerIndex(0);
    nettyRequests.writeInbound(request.retainedDuplicate());
    return drain(nettyRequests);
  }

  @Benchmark
  public int responseByWire() throws MalformedMessageException {
    responseHeads.reset();
    ByteBuf first = response[0].readerIndex(0);
    if (!responseHeads.parse(first)) {
      throw new IllegalStateException("the head is incomplete");
    }
    body.start(Framing.ofResponse(responseHeads.head()));
    int bytes = skipBody(first);
    for (int i = 1; i <= CHUNKS; i++) {
      bytes += skipBody(response[i].readerIndex(0));
    }
    if (!body.done()) {
      throw new IllegalStateException("the body is incomplete");
    }
    return bytes;
  }

  @Benchmark
  public int responseByNetty() {
    int bytes = 0;
    for (ByteBuf read : response) {
      read.readerIndex(0);
      nettyResponses.writeInbound(read.retainedDuplicate());
      bytes += drain(nettyResponses);
    }
    return bytes;
  }

  /** What the channel alone costs for the reads of one response. */
  @Benchmark
  public int responseThroughAnEmptyChannel() {
    int bytes = 0;
    for (ByteBuf read : response) {
      read.readerIndex(0);
      nettyNothing.writeInbound(read.retainedDuplicate());
      bytes += drain(nettyNothing);
    }
    return bytes;
  }

  private int skipBody(ByteBuf in) throws MalformedMessageException {
    int bytes = 0;
    for (int run = body.next(in); run > 0; run = body.next(in)) {
      in.skipBytes(run);
      bytes += run;
    }
    return bytes;
  }

  private static int drain(EmbeddedChannel channel) {
    int bytes = 0;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof HttpContent content) {
        bytes += content.content().readableBytes();
      }
      ReferenceCountUtil.release(read);
    }
    return bytes;
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include("\\." + FramingBenchmark.class.getSimpleName())
                .addProfiler("gc")
                .build())
        .run();
  }
}
