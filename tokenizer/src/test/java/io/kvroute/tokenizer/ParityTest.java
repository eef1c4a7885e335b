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
 * Compares every request of the corpus, for every model, with the text and ids that the code of a
 * real engine made of it, or with the step at which that code refused it.
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
  void everyModelMatchesTheTextAndIdsOfTheEngine() throws Exception {
    Map<String, byte[]> bodies = bodies(CORPUS.lines("cases.jsonl"));
    Map<String, JsonNode> prompts = new LinkedHashMap<>();
    for (JsonNode line : CORPUS.lines("completions.jsonl")) {
      prompts.put(line.path("id").asString(), line);
    }
    List<String> differences = new ArrayList<>();
    for (String model : CORPUS.models()) {
      PromptEncoder encoder = PromptEncoder.open(CORPUS.files(model), OPTIONS);
      int before = differences.size();
      List<JsonNode> chats = CORPUS.lines("golden/" + model + ".jsonl");
      compareChats(encoder, model, bodies, chats, differences);
      List<JsonNode> completions = CORPUS.lines("golden/" + model + ".completions.jsonl");
      for (JsonNode golden : completions) {
        String id = golden.path("case").asString();
        compareCompletion(
            encoder, model + "/" + id, requireNonNull(prompts.get(id)), golden, differences);
      }
      System.out.printf(
          Locale.ROOT,
          "parity %-12s %3d chats, %3d completions, %d different%n",
          model,
          chats.size(),
          completions.size(),
          differences.size() - before);
    }
    if (!CORPUS.isWhole()) {
      System.out.println("parity: skipped all models but Qwen3 (KVROUTE_PARITY_DIR is not set)");
    }
    assertThat(differences).isEmpty();
  }

  /** Found by {@code src/test/python/request_fuzz.py} and {@code engine_oracle.py}. */
  @Test
  void casesThatWereOnceWrongStayRight() throws Exception {
    Map<String, byte[]> bodies = bodies(ParityCorpus.bundledLines("found/cases.jsonl"));
    List<String> differences = new ArrayList<>();
    List<String> models = new ArrayList<>(CORPUS.models());
    models.retainAll(FOUND_FOR);
    for (String model : models) {
      PromptEncoder encoder = PromptEncoder.open(CORPUS.files(model), OPTIONS);
      List<JsonNode> goldens = ParityCorpus.bundledLines("found/golden/" + model + ".jsonl");
      assertThat(goldens).hasSameSizeAs(bodies.entrySet());
      compareChats(encoder, model, bodies, goldens, differences);
    }
    assertThat(models).contains("qwen3");
    assertThat(differences).isEmpty();
  }

  /** The requests by id. Some are stored as text, because not every JSON parser reads them all. */
  private static Map<String, byte[]> bodies(List<JsonNode> cases) {
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    for (JsonNode line : cases) {
      bodies.put(
          line.path("id").asString(),
          line.has("body")
              ? line.path("body").asString().getBytes(StandardCharsets.US_ASCII)
              : bytes(line.path("request")));
    }
    return bodies;
  }

  private static void compareChats(
      PromptEncoder encoder,
      String model,
      Map<String, byte[]> bodies,
      List<JsonNode> goldens,
      List<String> differences)
      throws Exception {
    for (JsonNode golden : goldens) {
      String id = golden.path("case").asString();
      compareChat(encoder, model + "/" + id, requireNonNull(bodies.get(id)), golden, differences);
    }
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

  /** Writes ASCII, as the corpus does, because some requests contain lone surrogates. */
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
