package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Checks that the JSON schema agrees with the records and with what the reader accepts. */
final class SchemaTest {

  private static final JsonNode SCHEMA = schema();

  @TempDir private Path directory;

  private static JsonNode schema() {
    try (InputStream in = SchemaTest.class.getResourceAsStream("kvroute.schema.json")) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void namesTheComponentsOfTheRecordsAndNoOthers() {
    assertThat(names(SCHEMA)).isEqualTo(components(Config.class));
    assertThat(names(SCHEMA.at("/$defs/replica"))).isEqualTo(components(ReplicaConfig.class));
    assertThat(names(property("timeouts"))).isEqualTo(components(Timeouts.class));
    assertThat(names(property("session"))).isEqualTo(components(SessionPolicy.class));
    assertThat(names(property("prefix-hash"))).isEqualTo(components(PrefixHashPolicy.class));
    assertThat(names(property("learn"))).isEqualTo(components(Learning.class));
    assertThat(names(property("limits")))
        .containsExactly("body", "buffered-bodies", "header", "index");
  }

  @Test
  void listsEveryChoice() {
    assertThat(choices(property("policy"))).isEqualTo(labels(PolicyName.values()));
    assertThat(choices(property("chat-template-content-format")))
        .isEqualTo(labels(TemplateContentFormat.values()));
    assertThat(choices(property("learn").at("/properties/kv-events")))
        .isEqualTo(labels(KvEvents.values()));
    assertThat(choices(property("learn").at("/properties/usage")))
        .isEqualTo(labels(UsageLearning.values()));
    assertThat(choices(SCHEMA.at("/$defs/replica/properties/engine")))
        .isEqualTo(labels(Engine.values()));
  }

  @Test
  void itsDefaultsAreTheReadersDefaults() throws Exception {
    assertThat(load(YAMLMapper.shared().writeValueAsString(defaults(SCHEMA))))
        .isEqualTo(new ConfigSources().load());
  }

  @TestFactory
  List<DynamicTest> itsBoundsAreTheReadersBounds() {
    return bounded(SCHEMA, "").entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> checkBounds(e.getKey(), e.getValue())))
        .toList();
  }

  private void checkBounds(String path, JsonNode bounds) throws Exception {
    int least = bounds.get("minimum").intValue();
    int most = bounds.get("maximum").intValue();
    assertThat(load(yaml(path, least))).isNotNull();
    assertThat(load(yaml(path, most))).isNotNull();
    for (int outside : new int[] {least - 1, most + 1}) {
      ConfigException e =
          catchThrowableOfType(ConfigException.class, () -> load(yaml(path, outside)));
      assertThat(e.problems()).extracting(Problem::property).containsExactly(path);
    }
  }

  private Config load(String yaml) throws Exception {
    return new ConfigSources().file(Files.writeString(directory.resolve("c.yaml"), yaml)).load();
  }

  private static String yaml(String path, int value) {
    return "{" + path.replace(".", ": {") + ": " + value + "}".repeat(path.split("\\.").length);
  }

  private static Map<String, JsonNode> bounded(JsonNode schema, String prefix) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      String path = prefix + entry.getKey();
      if (entry.getValue().has("minimum")) {
        found.put(path, entry.getValue());
      }
      found.putAll(bounded(entry.getValue(), path + "."));
    }
    return found;
  }

  private static Map<String, Object> defaults(JsonNode schema) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : schema.path("properties").properties()) {
      if (entry.getValue().has("default")) {
        values.put(entry.getKey(), entry.getValue().get("default"));
      } else if (entry.getValue().has("properties")) {
        values.put(entry.getKey(), defaults(entry.getValue()));
      }
    }
    return values;
  }

  private static JsonNode property(String name) {
    return SCHEMA.path("properties").path(name);
  }

  private static Set<String> names(JsonNode schema) {
    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    return new TreeSet<>(schema.path("properties").propertyNames());
  }

  private static Set<String> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> choices(JsonNode schema) {
    return schema.path("enum").valueStream().map(JsonNode::asString).toList();
  }

  private static List<String> labels(Enum<?>[] constants) {
    return Arrays.stream(constants).map(ValueTypes::label).toList();
  }
}
