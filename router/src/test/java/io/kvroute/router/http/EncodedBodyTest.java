package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies with a Content-Encoding are decoded within limits and forwarded decoded. */
@ExtendWith(NoBufferLeaks.class)
final class EncodedBodyTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final int MAX_BODY_BYTES = 4 << 20;

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy =
      ProxyFixture.setup()
          .replicas(replica)
          .options(o -> o.bodies(MAX_BODY_BYTES, 3L * MAX_BODY_BYTES))
          .open();

  @AfterEach
  void nothingIsHeldAndTheNextRequestWorks() throws IOException {
    try (replica;
        proxy) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      await().until(() -> proxy.heldBodyBytes() == 0);
      assertThat(proxy.router().load()).isZero();
    }
  }

  private static byte[] encoded(String coding, byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (coding) {
      case "gzip", "x-gzip", "GZip" -> close(new GZIPOutputStream(out), body);
      case "deflate" -> close(new DeflaterOutputStream(out), body);
      case "raw deflate" ->
          close(
              new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true)),
              body);
      case "zstd" -> out.writeBytes(Zstd.compress(body));
      default -> out.writeBytes(body);
    }
    return out.toByteArray();
  }

  private static void close(OutputStream out, byte[] body) throws IOException {
    try (out) {
      out.write(body);
    }
  }

  /** A chat of about {@code bytes} that compresses about as well as text does. */
  private static byte[] chatOf(int bytes) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder(bytes);
    while (text.length() < bytes) {
      text.append(Integer.toString(random.nextInt(5_000), 36)).append(' ');
    }
    return ("{\"model\":\"qwen3\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}")
        .getBytes(UTF_8);
  }

  private RawClient.Answer post(String coding, byte[] body) throws IOException {
    return proxy.client().post(CHAT, body, "Content-Encoding: " + coding).read();
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, gzip",
    "x-gzip, x-gzip",
    "GZip, GZip",
    "deflate, deflate",
    "raw deflate, deflate",
    "zstd, zstd",
    "identity, identity"
  })
  void isForwardedDecoded(String form, String coding) throws IOException {
    for (byte[] body : new byte[][] {chat().getBytes(UTF_8), chatOf(2 << 20)}) {
      assertThat(post(coding, encoded(form, body)).status()).isEqualTo(200);

      FakeReplica.Call call = replica.calls().getLast();
      assertThat(call.body()).isEqualTo(body);
      assertThat(call.header("content-length")).isEqualTo(Integer.toString(body.length));
      assertThat(call.header("content-encoding")).isEmpty();
    }
  }

  @Test
  void mayArriveInChunksAndBeFollowedByAnotherRequest() throws IOException {
    byte[] body = encoded("gzip", chatOf(100_000));
    RawClient client =
        proxy.client().send(chatHead("Content-Encoding: gzip", "Transfer-Encoding: chunked"));
    for (int from = 0; from < body.length; from += 1000) {
      byte[] piece = Arrays.copyOfRange(body, from, Math.min(body.length, from + 1000));
      client.send(Integer.toHexString(piece.length) + "\r\n").send(piece).send("\r\n");
    }
    client.send("0\r\n\r\n").post(CHAT, chat());

    assertThat(client.read().status()).isEqualTo(200);
    assertThat(client.read().status()).isEqualTo(200);
    assertThat(replica.calls().get(0).body()).isEqualTo(chatOf(100_000));
    assertThat(replica.calls().get(1).body()).isEqualTo(chat().getBytes(UTF_8));
  }

  @Test
  void severalMembersOrFramesAreOneBody() throws IOException {
    byte[] body = chat().getBytes(UTF_8);
    byte[] first = Arrays.copyOf(body, 10);
    byte[] second = Arrays.copyOfRange(body, 10, body.length);
    for (String coding : new String[] {"gzip", "zstd"}) {
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.writeBytes(encoded(coding, first));
      both.writeBytes(encoded(coding, second));
      assertThat(post(coding, both.toByteArray()).status()).isEqualTo(200);
      assertThat(replica.calls().getLast().body()).isEqualTo(body);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "compress", "gzip, gzip", "identity, gzip", "nonsense", "\"gzip\""})
  void inAnotherCodingIsA415ThatNamesTheAcceptedOnes(String coding) throws IOException {
    RawClient.Answer answer = post(coding, encoded("gzip", chat().getBytes(UTF_8)));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.body()).contains("gzip", "deflate", "zstd");
    assertThat(answer.headers()).containsEntry("accept-encoding", "gzip, deflate, zstd");
    assertThat(replica.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  void thatIsNotWhatItSaysIsA400(String coding) throws IOException {
    byte[] whole = encoded(coding, chatOf(10_000));
    byte[] damaged = whole.clone();
    for (int i = 20; i < damaged.length; i++) {
      damaged[i] ^= 0x5a;
    }
    for (byte[] body :
        new byte[][] {
          chat().getBytes(UTF_8), new byte[0], Arrays.copyOf(whole, whole.length - 5)
        }) {
      RawClient.Answer answer = post(coding, body);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("not valid " + coding);
    }
    assertThat(post(coding, damaged).status()).isEqualTo(400);
    assertThat(replica.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  void thatDecodesToMoreThanTheLimitIsA413(String coding) throws IOException {
    RawClient.Answer answer = post(coding, encoded(coding, chatOf(MAX_BODY_BYTES)));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains(Integer.toString(MAX_BODY_BYTES));
    assertThat(replica.calls()).isEmpty();
  }

  /** A bomb is found long before the limit on bodies: three megabytes from a few kilobytes. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  void thatGrowsTooMuchIsA413(String coding) throws IOException {
    String bomb = chat().replace("{\"model\"", "{" + " ".repeat(3 << 20) + "\"model\"");
    RawClient.Answer answer = post(coding, encoded(coding, bomb.getBytes(UTF_8)));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("times");
    assertThat(replica.calls()).isEmpty();
  }

  /** RFC 9659: a window has at most 8 MB; this frame asks the decoder to reserve 2 GB. */
  @Test
  void ofAFrameWithAHugeWindowIsA400() throws IOException {
    byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 1, 0, 0};
    assertThat(post("zstd", frame).status()).isEqualTo(400);
  }

  @Test
  void ofAClientThatLeavesIsReturnedToTheBudget() throws IOException {
    byte[] body = encoded("gzip", chatOf(3 << 20));
    for (int i = 0; i < 10; i++) {
      proxy.client().post(CHAT, body, "Content-Encoding: gzip").reset();
    }
    await().until(() -> proxy.heldBodyBytes() == 0);
  }

  @Test
  void countsAgainstTheBudgetOfAllBodies() throws IOException {
    try (ProxyFixture tight =
        ProxyFixture.setup()
            .replicas(replica)
            .options(o -> o.bodies(MAX_BODY_BYTES, MAX_BODY_BYTES + (1 << 20)))
            .open()) {
      RawClient holder =
          tight.client().send(chatHead("Content-Length: " + MAX_BODY_BYTES) + " ".repeat(1 << 20));
      holder.send(" ".repeat(MAX_BODY_BYTES - (1 << 20) - 1));
      await().until(() -> tight.heldBodyBytes() >= MAX_BODY_BYTES);

      assertThat(
              tight
                  .client()
                  .post(CHAT, encoded("gzip", chatOf(3 << 20)), "Content-Encoding: gzip")
                  .read()
                  .status())
          .isEqualTo(503);
    }
  }
}
