package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends the bytes of each line of docs/framing.md over a real socket and checks its outcome. */
@ExtendWith(NoBufferLeaks.class)
final class FramingTableTest {

  private static final String CHAT = "{\"model\":\"qwen3\",\"messages\":[],\"user\":\"\"}";
  private static final String POST =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  private static final Pattern POST_LINES = Pattern.compile("POST\\{([^}]*)}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(r|n|t|p|\\\\|x[0-9a-f]{2})");

  /** A line of the table. */
  record Row(String name, String rfc, String bytes, String outcome) {

    static Row of(String line) {
      String[] cells = line.split(" *\\| *");
      assertThat(cells).as(line).hasSize(5);
      assertThat(cells[2]).as("RFC and section").matches("\\d{4}, \\d+(\\.\\d+)*");
      return new Row(cells[1], cells[2], bytes(cells[3]), cells[4]);
    }

    private static String bytes(String cell) {
      assertThat(cell).startsWith("`").endsWith("`");
      String text = cell.substring(1, cell.length() - 1).replace("{chat}", "\\x01");
      text = POST_LINES.matcher(text).replaceAll(m -> quoted(POST + m.group(1) + "\r\n\r\n"));
      return ESCAPE.matcher(text).replaceAll(m -> quoted(byteOf(m.group(1)))).replace("\1", CHAT);
    }

    private static String quoted(String text) {
      return Matcher.quoteReplacement(text);
    }

    private static String byteOf(String escape) {
      return switch (escape.charAt(0)) {
        case 'r' -> "\r";
        case 'n' -> "\n";
        case 't' -> "\t";
        case 'p' -> "|";
        case '\\' -> "\\";
        default -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Row> table(String heading) {
    try {
      String section =
          Files.readString(Path.of("../docs/framing.md")).split("## " + heading + "\n", 2)[1];
      return section
          .split("\n## ", 2)[0]
          .lines()
          .filter(line -> line.startsWith("| ") && !line.startsWith("| case "))
          .map(Row::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Row> requests() {
    return table("Requests");
  }

  static List<Row> responses() {
    return table("Responses");
  }

  @Test
  void noCaseIsListedTwice() {
    assertThat(
            Stream.of(requests(), responses()).map(rows -> rows.stream().map(Row::name).toList()))
        .allSatisfy(names -> assertThat(names).isNotEmpty().doesNotHaveDuplicates());
    assertThat(CHAT.getBytes(ISO_8859_1)).hasSize(41);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestHasTheOutcomeOfItsLine(Row row) throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().send(row.bytes());
      RawClient.Answer answer = client.read();

      if (Character.isDigit(row.outcome().charAt(0))) {
        assertThat(answer.status()).isEqualTo(Integer.parseInt(row.outcome().substring(0, 3)));
        assertThat(replica.calls()).isEmpty();
        if (row.outcome().endsWith(", closed")) {
          assertThat(answer.headers()).containsEntry("connection", "close");
          assertThat(client.atEnd()).isTrue();
        }
      } else {
        assertThat(answer.status()).isEqualTo(200);
        checkForwarded(row.outcome(), client, replica);
      }
    }
  }

  private static void checkForwarded(String outcome, RawClient client, FakeReplica replica)
      throws IOException {
    if (outcome.equals("twice")) {
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(replica.calls()).hasSize(2);
    }
    FakeReplica.Call call = replica.calls().getFirst();
    assertThat(call.body()).isEqualTo(CHAT.getBytes(ISO_8859_1));
    String head = call.head().toLowerCase(Locale.ROOT);
    String text = outcome.substring(outcome.indexOf(": ") + 2);
    if (outcome.startsWith("forwarded: ")) {
      assertThat(head).contains("\r\n" + text + "\r\n");
    } else if (outcome.startsWith("not forwarded: ")) {
      assertThat(head).doesNotContain(text);
    } else {
      assertThat(outcome).isIn("forwarded", "twice");
    }
  }

  @ParameterizedTest
  @MethodSource("responses")
  void aResponseHasTheOutcomeOfItsLine(Row row) throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  if (call.ordinalOnConnection() == 1) {
                    call.write(row.bytes());
                  } else {
                    call.ok("application/json", "{}");
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      RawClient.Answer answer = client.post("/v1/chat/completions", CHAT).read();
      String[] parts = row.outcome().split("; ", -1);

      assertThat(answer.status()).isEqualTo(Integer.parseInt(parts[0].substring(0, 3)));
      if (parts.length == 2) {
        assertThat(answer.body()).isEqualTo(parts[0].substring(3).strip());
        client.post("/v1/chat/completions", CHAT).read();
        assertThat(replica.connections()).isEqualTo(parts[1].equals("reused") ? 1 : 2);
      }
    }
  }
}
