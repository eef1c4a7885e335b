package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestScannerTest {

  private static ApiRequest scan(Endpoint endpoint, String body) throws ApiException {
    return RequestScanner.scan(endpoint, body.getBytes(UTF_8));
  }

  private static ApiRequest chat(String members) throws ApiException {
    return scan(Endpoint.CHAT_COMPLETIONS, "{\"messages\":[]," + members + "}");
  }

  @Test
  void distinguishesIdPromptsAndSeveralPromptsFromOneText() throws ApiException {
    assertThat(traitsOfPrompt("\"a\"")).isEmpty();
    assertThat(traitsOfPrompt("[\"a\"]")).isEmpty();
    assertThat(traitsOfPrompt("[\"a\", \"b\"]")).containsExactly(Trait.SEVERAL_PROMPTS);
    assertThat(traitsOfPrompt("[1, 2]")).containsExactly(Trait.IDS);
    assertThat(traitsOfPrompt("[[1, 2]]")).containsExactly(Trait.IDS);
    assertThat(traitsOfPrompt("[[1], [2]]"))
        .containsExactlyInAnyOrder(Trait.IDS, Trait.SEVERAL_PROMPTS);
    assertThat(traitsOfPrompt("[]")).isEmpty();
  }

  private static Set<Trait> traitsOfPrompt(String prompt) throws ApiException {
    byte[] body = ("{\"model\":\"m\",\"prompt\":" + prompt + "}").getBytes(UTF_8);
    return RequestScanner.scan(Endpoint.COMPLETIONS, body).traits();
  }

  @Test
  void readsTheFieldsThatRoutingNeedsAndKeepsTheBytes() throws ApiException {
    byte[] body =
        """
        {"model": "qwen3", "messages": [{"role": "user", "content": "a \\"model\\": \\"b\\" c"}],
         "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 7, "n": 2,
         "return_token_ids": true, "cache_salt": "tenant-a", "tools": [{"model": "x"}],
         "chat_template_kwargs": {"enable_thinking": false}}
        """
            .getBytes(UTF_8);

    ApiRequest request = RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body);

    assertThat(request.model()).isEqualTo("qwen3");
    assertThat(request.output().stream()).isTrue();
    assertThat(request.output().idsRequested()).isTrue();
    assertThat(request.output().maxNewTokens()).isEqualTo(7);
    assertThat(request.output().choices()).isEqualTo(2);
    assertThat(request.cacheSalt()).isEqualTo("tenant-a");
    assertThat(request.traits()).containsExactly(Trait.TOOLS, Trait.THINKING);
    assertThat(request.body().raw()).isSameAs(body);
  }

  @Test
  void usesDefaultsForMissingFields() throws ApiException {
    ApiRequest request = scan(Endpoint.CHAT_COMPLETIONS, "{\"messages\":[]}");

    assertThat(request.model()).isNull();
    assertThat(request.output().stream()).isFalse();
    assertThat(request.output().maxNewTokens()).isZero();
    assertThat(request.output().choices()).isOne();
    assertThat(request.cacheSalt()).isNull();
    assertThat(request.traits()).isEmpty();
  }

  @Test
  void usesTheLastOfSeveralMembersOfOneNameAsPythonDoes() throws ApiException {
    assertThat(chat("\"model\":\"a\",\"model\":\"b\"").model()).isEqualTo("b");
    assertThat(chat("\"model\":\"a\",\"model\":null").model()).isNull();
    assertThat(chat("\"stream\":true,\"stream\":false").output().stream()).isFalse();
  }

  @Test
  void readsEscapedNamesAndValues() throws ApiException {
    ApiRequest request = chat("\"mod\\u0065l\":\"q\\u0077en\\/\\ud83d\\ude00\\n\"");

    assertThat(request.model()).isEqualTo("qwen/😀\n");
  }

  @Test
  void replacesAnUnpairedSurrogate() throws ApiException {
    assertThat(chat("\"model\":\"a\\ud83d\\u0041\"").model()).isEqualTo("a\ufffdA");
  }

  @Test
  void acceptsBytesThatAreNotUtf8() throws ApiException {
    byte[] body = "{\"messages\":[\"?\"],\"model\":\"m\"}".getBytes(UTF_8);
    body[14] = (byte) 0xff;

    assertThat(RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body).model()).isEqualTo("m");
  }

  @Test
  void prefersMaxCompletionTokensToMaxTokens() throws ApiException {
    assertThat(chat("\"max_tokens\":5,\"max_completion_tokens\":9").output().maxNewTokens())
        .isEqualTo(9);
    assertThat(chat("\"max_tokens\":5,\"max_completion_tokens\":null").output().maxNewTokens())
        .isEqualTo(5);
    assertThat(chat("\"max_tokens\":99999999999").output().maxNewTokens())
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(chat("\"max_tokens\":-3").output().maxNewTokens()).isZero();
    assertThat(chat("\"max_tokens\":1e2").output().maxNewTokens()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[],\"temperature\":NaN,\"a\":[-Infinity,Infinity]}",
        "\ufeff{\"messages\":[]}",
        " \r\n\t{ \"messages\" : [ ] } ",
        "{\"messages\":[],\"x\":[[],{},[{\"a\":[1,-0.5e+10,0,\"\\\\\\\"\"]}],true,false,null]}"
      })
  void acceptsWhatPythonAccepts(String body) throws ApiException {
    assertThat(scan(Endpoint.CHAT_COMPLETIONS, body).model()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"messages\":[]",
        "{\"messages\":[]}}",
        "{\"messages\":[]} x",
        "{\"messages\":[],}",
        "{\"messages\":[1,]}",
        "{\"messages\":[1 2]}",
        "{\"messages\" []}",
        "{messages:[]}",
        "{'messages':[]}",
        "{\"messages\":[01]}",
        "{\"messages\":[1.]}",
        "{\"messages\":[.5]}",
        "{\"messages\":[1e]}",
        "{\"messages\":[+1]}",
        "{\"messages\":[-]}",
        "{\"messages\":[tru]}",
        "{\"messages\":[nulll]}",
        "{\"messages\":[\"a]}",
        "{\"messages\":[\"\\x\"]}",
        "{\"messages\":[\"\\u12g4\"]}",
        "{\"messages\":[\"\\",
        "{\"messages\":[\"a\nb\"]}",
        "{\"messages\":[}]",
        "{\"messages\":[{\"a\":1]}}",
        "// {}"
      })
  void rejectsInvalidJson(String body) {
    assertThatThrownBy(() -> scan(Endpoint.CHAT_COMPLETIONS, body))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(400);
              assertThat(e.error().type()).isEqualTo("BadRequestError");
            })
        .hasMessageStartingWith("The body is not JSON: ")
        .hasMessageContaining("expected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "\"x\"", "3"})
  void rejectsJsonThatIsNotAnObject(String body) {
    assertThatThrownBy(() -> scan(Endpoint.CHAT_COMPLETIONS, body))
        .hasMessage("The body must be a JSON object.");
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT_COMPLETIONS, messages",
    "COMPLETIONS, prompt",
    "RESPONSES, input",
    "MESSAGES, messages"
  })
  void rejectsARequestWithoutItsPrompt(Endpoint endpoint, String field) {
    for (String body : new String[] {"{}", "{\"" + field + "\":null}"}) {
      assertThatThrownBy(() -> scan(endpoint, body))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.error().param()).isEqualTo(field));
    }
  }

  @Test
  void acceptsPromptEmbedsAsAPrompt() throws ApiException {
    assertThat(scan(Endpoint.COMPLETIONS, "{\"prompt_embeds\":\"AA==\"}").output().stream())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"model\":3 | 'model': a number (expected: a string).",
        "\"model\":[\"a\"] | 'model': an array (expected: a string).",
        "\"messages\":{} | 'messages': an object (expected: an array).",
        "\"messages\":\"hi\" | 'messages': a string (expected: an array).",
        "\"stream\":[] | 'stream': an array (expected: a boolean).",
        "\"max_tokens\":{} | 'max_tokens': an object (expected: an integer).",
        "\"cache_salt\":true | 'cache_salt': a boolean (expected: a string)."
      })
  void rejectsTypesThatNoEngineAccepts(String member, String message) {
    assertThatThrownBy(() -> chat(member)).hasMessage(message);
  }

  @Test
  void leavesScalarsOfUnexpectedTypesToTheEngine() throws ApiException {
    ApiRequest request = chat("\"stream\":\"true\",\"max_tokens\":\"9\",\"n\":null");

    assertThat(request.output().stream()).isFalse();
    assertThat(request.output().maxNewTokens()).isZero();
    assertThat(request.output().choices()).isOne();
  }

  @Test
  void limitsNesting() throws ApiException {
    String allowed = "[".repeat(JsonCursor.MAX_DEPTH) + "]".repeat(JsonCursor.MAX_DEPTH);
    assertThat(chat("\"x\":" + allowed).model()).isNull();

    assertThatThrownBy(() -> chat("\"x\":" + "[".repeat(1_000_000)))
        .hasMessageContaining("nested too deeply");
    assertThatThrownBy(() -> chat("\"x\":" + "{\"a\":".repeat(1_000_000)))
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void readsEveryRecordedRequest() throws ApiException {
    for (Recordings.Exchange exchange : Recordings.all().values()) {
      Endpoint endpoint = Endpoint.at(exchange.path());
      if (endpoint != null && !exchange.name().equals("err empty")) {
        ApiRequest request = RequestScanner.scan(endpoint, exchange.request());
        assertThat(request.model())
            .isEqualTo(exchange.name().equals("err model") ? "nope" : "qwen3");
        assertThat(request.output().stream()).isEqualTo(exchange.streamed());
      }
    }
  }
}
