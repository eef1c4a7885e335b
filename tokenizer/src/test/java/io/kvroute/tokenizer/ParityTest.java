package io.kvroute.tokenizer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every request of the corpus, for every model: the text and the ids that a real engine's own code
 * made of it, or its refusal at the same stage.
 */
class ParityTest {

  private static final List<String> FOUND_FOR =
      List.of("qwen3", "qwen2.5", "gpt-oss", "mistral-nemo", "deepseek-v3");

  private static final JsonMapper JSON = new JsonMapper();
  private static final ParityCorpus CORPUS = ParityCorpus.open();

  private static final PromptEncoderOptions OPTIONS =
      PromptEncoderOptions.defaults()
          .withTrustRequestChatTemplate(true)
          .withClock(
              Clock.fixed(
                  LocalDateTime.of(2026, 1, 15, 12, 34, 56).toInstant(ZoneOffset.UTC),
                  ZoneOffset.UTC));

  @Test
  void everyModelGivesTheEnginesTextAndIds() throws Exception {
    Map<String, JsonNode> requests = new LinkedHashMap<>();
    for (JsonNode line : CORPUS.lines("cases.jsonl")) {
      requests.put(line.path("id").asString(), line.path("request"));
    }
    Map<String, JsonNode> prompts = new LinkedHashMap<>();
    for (JsonNode line : CORPUS.lines("completions.jsonl")) {
      prompts.put(line.path("id").asString(), line);
    }
    List<String> differences = new ArrayList<>();
    for (String model : CORPUS.models()) {
      PromptEncoder encoder = PromptEncoder.open(CORPUS.files(model), OPTIONS);
      int before = differences.size();
      int chats = 0;
      for (JsonNode golden : CORPUS.lines("golden/" + model + ".jsonl")) {
        String id = golden.path("case").asString();
        chats++;
        compareChat(
            encoder,
            model + "/" + id,
            bytes(requireNonNull(requests.get(id))),
            golden,
            differences);
      }
      int completions = 0;
      for (JsonNode golden : CORPUS.lines("golden/" + model + ".completions.jsonl")) {
        String id = golden.path("case").asString();
        completions++;
        compareCompletion(
            encoder, model + "/" + id, requireNonNull(prompts.get(id)), golden, differences);
      }
      System.out.printf(
          Locale.ROOT,
          "parity %-12s %3d chats, %3d completions, %d different%n",
          model,
          chats,
          completions,
          differences.size() - before);
    }
    if (!CORPUS.isWhole()) {
      System.out.println("parity: skipped all models but Qwen3 (KVROUTE_PARITY_DIR is not set)");
    }
    assertThat(differences).isEmpty();
  }

  /** Cases that a search by random requests found wrong once; see {@code src/test/python}. */
  @Test
  void everyCaseFoundWrongOnceStaysRight() throws Exception {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    for (JsonNode line : ParityCorpus.bundledLines("found/cases.jsonl")) {
      bodies.put(
          line.path("id").asString(),
          line.path("body").asString().getBytes(StandardCharsets.US_ASCII));
    }
    List<String> differences = new ArrayList<>();
    List<String> models = new ArrayList<>(CORPUS.models());
    models.retainAll(FOUND_FOR);
    for (String model : models) {
      PromptEncoder encoder = PromptEncoder.open(CORPUS.files(model), OPTIONS);
      List<JsonNode> goldens = ParityCorpus.bundledLines("found/golden/" + model + ".jsonl");
      assertThat(goldens).hasSameSizeAs(bodies.entrySet());
      for (JsonNode golden : goldens) {
        String id = golden.path("case").asString();
        compareChat(encoder, model + "/" + id, requireNonNull(bodies.get(id)), golden, differences);
      }
    }
    assertThat(models).contains("qwen3");
    assertThat(differences).isEmpty();
  }

  private static void compareChat(
      PromptEncoder encoder, String name, byte[] body, JsonNode golden, List<String> differences)
      throws Exception {
    boolean ok = golden.path("ok").asBoolean();
    try {
      RenderedPrompt rendered = encoder.render(body);
      String text = rendered instanceof RenderedPrompt.Text it ? it.text() : "";
      if (ok
          && golden.has("rendered_sha256")
          && !golden.path("rendered_sha256").asString().equals(sha(text))) {
        differences.add(
            name
                + ": renders\n<<"
                + text
                + ">>\nexpected\n<<"
                + golden.path("rendered").asString()
                + ">>");
        return;
      }
      EncodedPrompt encoded = encoder.encode(rendered);
      if (!ok) {
        differences.add(name + ": no error, expected " + golden.path("error_stage").asString());
      } else {
        compareIds(name, encoded.ids(), golden, differences);
      }
    } catch (PromptException e) {
      if (ok) {
        differences.add(name + ": " + e.stage() + " " + e.getMessage());
      } else if (!e.stage()
          .name()
          .toLowerCase(Locale.ROOT)
          .equals(golden.path("error_stage").asString())) {
        differences.add(
            name
                + ": "
                + e.stage()
                + " "
                + e.getMessage()
                + ", expected "
                + golden.path("error_stage").asString()
                + " "
                + golden.path("error").asString());
      } else if (golden.path("error_cause").asString("").equals("TemplateError")
          && !golden.path("error").asString().equals(e.getMessage())) {
        differences.add(name + ": raises " + e.getMessage() + ", expected " + golden.path("error"));
      }
    }
  }

  private static void compareCompletion(
      PromptEncoder encoder,
      String name,
      JsonNode prompt,
      JsonNode golden,
      List<String> differences)
      throws Exception {
    ObjectNode request = JSON.createObjectNode();
    request.put("model", "m");
    request.set("prompt", prompt.path("prompt"));
    request.set("add_special_tokens", prompt.path("add_special_tokens"));
    compareIds(name, encoder.encode(bytes(request)).ids(), golden, differences);
    request.put("add_special_tokens", false);
    int[] plain = encoder.encode(bytes(request)).ids();
    if (golden.has("ids_no_special") && !list(plain).equals(list(golden.path("ids_no_special")))) {
      differences.add(name + ": without special tokens " + list(plain));
    }
  }

  private static void compareIds(String name, int[] ids, JsonNode golden, List<String> differences)
      throws Exception {
    ByteBuffer packed = ByteBuffer.allocate(ids.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    packed.asIntBuffer().put(ids);
    if (!golden.path("ids_sha256").asString().equals(sha(packed.array()))) {
      differences.add(name + ": ids " + list(ids) + ", expected " + golden.path("ids"));
    }
  }

  private static List<Integer> list(int[] ids) {
    List<Integer> list = new ArrayList<>();
    for (int id : ids) {
      list.add(id);
    }
    return list;
  }

  private static List<Integer> list(JsonNode ids) {
    List<Integer> list = new ArrayList<>();
    ids.forEach(id -> list.add(id.asInt()));
    return list;
  }

  /** In ASCII, as the corpus has it: some requests hold lone surrogates. */
  private static byte[] bytes(JsonNode request) {
    StringBuilder ascii = new StringBuilder();
    for (char c : request.toString().toCharArray()) {
      if (c < 128) {
        ascii.append(c);
      } else {
        ascii.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return ascii.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String sha(String text) throws Exception {
    return sha(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
