package io.kvroute.loadtest.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the input files of verify-engine and their error messages. */
class RecordingsTest {

  private static final String GOOD =
      """
      {"prompt":[1,2],"output":[3],"cached_tokens":0}
      """;

  @TempDir private Path directory;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  @Test
  void readsRequestsWithAndWithoutTimesAndPassesOverEmptyLines() throws IOException {
    Path plain = file("plain.jsonl", GOOD + "\n" + GOOD);
    Path timed =
        file(
            "timed.jsonl",
            """
            {"prompt":[1],"output":[2],"cached_tokens":0,"sent":1,"first_token":1.5,"finished":2}
            """);

    assertThat(Recordings.requests(plain)).hasSize(2).allMatch(r -> r.times() == null);
    assertThat(Recordings.requests(timed).getFirst().times())
        .isEqualTo(new RecordedRequest.Times(1_000_000_000L, 1_500_000_000L, 2_000_000_000L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"prompt\":[1,2],\"outp | not a JSON object",
        "[1, 2] | prompt: missing",
        "{\"prompt\":\"text\",\"output\":[1],\"cached_tokens\":0} | prompt: no token ids",
        "{\"prompt\":[],\"output\":[1],\"cached_tokens\":0} | prompt: no token ids",
        "{\"prompt\":[1],\"output\":[],\"cached_tokens\":0} | output: no token ids",
        "{\"prompt\":[1,1.5],\"output\":[1],\"cached_tokens\":0} | prompt[1]: 1.5",
        "{\"prompt\":[99999999999],\"output\":[1],\"cached_tokens\":0} | prompt[0]: 99999999999",
        "{\"prompt\":[1],\"output\":[1]} | cached_tokens: missing",
        "{\"prompt\":[1],\"output\":[1],\"cached_tokens\":2} | cached_tokens: 2 (expected: 0..1)",
        "{\"prompt\":[1],\"output\":[1],\"cached_tokens\":0,\"sent\":1} | first_token: missing",
        "{\"prompt\":[1],\"output\":[1],\"cached_tokens\":0,\"sent\":2,\"first_token\":1,"
            + "\"finished\":3} | not in this order",
      })
  void aBadLineIsNamedWithWhatIsWrongInIt(String line, String message) throws IOException {
    Path file = file("bad.jsonl", GOOD + line);

    assertThatThrownBy(() -> Recordings.requests(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ", line 2: ")
        .hasMessageContaining(message);
  }

  @Test
  void aFileWithoutRequestsOrWithTimesInSomeOfThemOrNotCompressedIsRefused() throws IOException {
    Path empty = file("empty.jsonl", "\n");
    Path mixed =
        file(
            "mixed.jsonl",
            GOOD
                + """
                {"prompt":[1],"output":[2],"cached_tokens":0,"sent":1,"first_token":2,"finished":3}
                """);
    Path plain = file("plain.jsonl.gz", GOOD);

    assertThatThrownBy(() -> Recordings.requests(empty)).hasMessageContaining("no requests");
    assertThatThrownBy(() -> Recordings.requests(mixed)).hasMessageContaining("in 1 of 2 requests");
    assertThatThrownBy(() -> Recordings.requests(plain)).hasMessageContaining("not whole gzip");
  }
}
