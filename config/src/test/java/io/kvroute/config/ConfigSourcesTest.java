package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigSourcesTest {

  @TempDir private Path directory;

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("kvroute.yaml"), yaml);
  }

  private List<String> problemsOf(ConfigSources sources) {
    ConfigException e = catchThrowableOfType(ConfigException.class, sources::load);
    assertThat(e).as("expected problems").isNotNull();
    return e.problems().stream()
        .map(Problem::toString)
        .map(line -> line.replace(directory.toString() + "/", ""))
        .toList();
  }

  @Test
  void anEmptyConfigurationGivesTheDocumentedDefaults() throws Exception {
    Config config = new ConfigSources().load();

    assertThat(config.listen()).hasToString("0.0.0.0:8080");
    assertThat(config.adminListen()).hasToString("127.0.0.1:9090");
    assertThat(config.policy()).isEqualTo(PolicyName.KV_AWARE);
    assertThat(config.replicas()).isEmpty();
    assertThat(config.routingHeaders()).isFalse();
    assertThat(config.session().header()).isEqualTo("x-session-id");
    assertThat(config.session().expiry()).isEqualTo(Duration.ofHours(2));
  }

  @Test
  void flagsOverrideVariablesAndVariablesOverrideTheFile() throws Exception {
    Path file = file("policy: random\nlisten: 127.0.0.1:1\nlimits: {body: 1MiB, header: 2KiB}\n");

    Config config =
        new ConfigSources()
            .file(file)
            .environment(
                Map.of("KVROUTE_POLICY", "least-load", "KVROUTE_LIMITS_BODY", "2MiB", "PATH", "/"))
            .set("policy", "round-robin")
            .load();

    assertThat(config.policy()).isEqualTo(PolicyName.ROUND_ROBIN);
    assertThat(config.limits().bodyBytes()).isEqualTo(2 << 20);
    assertThat(config.limits().headerBytes()).isEqualTo(2048);
    assertThat(config.listen()).isEqualTo(new HostPort("127.0.0.1", 1));
  }

  @Test
  void readsReplicasAlikeFromFileVariableAndFlag() throws Exception {
    String shortForm = "http://a:1,engine=vllm,kv-events=tcp://a:2,kv-replay=tcp://a:3,weight=4";
    Path file =
        file(
            """
            replicas:
              - {url: "http://a:1", engine: vllm, kv-events: "tcp://a:2", kv-replay: "tcp://a:3", weight: 4}
              - http://b:1
            """);
    List<ReplicaConfig> expected =
        List.of(
            new ReplicaConfig(
                URI.create("http://a:1"),
                Engine.VLLM,
                URI.create("tcp://a:2"),
                URI.create("tcp://a:3"),
                4),
            new ReplicaConfig(URI.create("http://b:1"), null, null, null, 1));

    assertThat(new ConfigSources().file(file).load().replicas()).isEqualTo(expected);
    assertThat(new ConfigSources().set("replicas", shortForm, "http://b:1").load().replicas())
        .isEqualTo(expected);
    assertThat(
            new ConfigSources()
                .environment(Map.of("KVROUTE_REPLICAS", shortForm + "  http://b:1"))
                .load()
                .replicas())
        .isEqualTo(expected);
  }

  @Test
  void acceptsEndpointsOnWhichTheRouterListens() throws Exception {
    assertThat(
            new ConfigSources()
                .set("replicas", "http://a:1,kv-events=tcp://*:5557")
                .load()
                .replicas()
                .getFirst()
                .kvEvents())
        .hasToString("tcp://*:5557");
    assertThat(problemsOf(new ConfigSources().set("replicas", "http://a:1,kv-events=ipc:///x")))
        .containsExactly("--replicas: kv-events: \"ipc:///x\" (expected: tcp://HOST:PORT)");
  }

  @Test
  void aSingleTokenizerAppliesToEveryModel() throws Exception {
    assertThat(new ConfigSources().set("tokenizers", "/m").load().tokenizers())
        .containsExactly(Map.entry("*", "/m"));
    assertThat(new ConfigSources().set("tokenizers", "a/b=/m", "org/x").load().tokenizers())
        .containsOnly(Map.entry("a/b", "/m"), Map.entry("*", "org/x"));
    assertThat(new ConfigSources().file(file("tokenizers: {a/b.c: /m}\n")).load().tokenizers())
        .containsExactly(Map.entry("a/b.c", "/m"));
  }

  @Test
  void readsTemplateArgumentsAsMappingAndAsJson() throws Exception {
    String json = "{\"enable_thinking\":false}";
    Path file = file("default-chat-template-kwargs: {enable_thinking: false}\n");

    assertThat(new ConfigSources().file(file).load().defaultChatTemplateKwargs()).isEqualTo(json);
    assertThat(
            new ConfigSources()
                .environment(
                    Map.of("KVROUTE_DEFAULT_CHAT_TEMPLATE_KWARGS", json.replace(":", ": ")))
                .load()
                .defaultChatTemplateKwargs())
        .isEqualTo(json);
    assertThat(problemsOf(new ConfigSources().set("default-chat-template-kwargs", "[1]")))
        .containsExactly(
            "--default-chat-template-kwargs: \"[1]\""
                + " (expected: a mapping, or a JSON object as text)");
  }

  @Test
  void everyProblemIsReportedWithItsPropertyValueAndWhatWasExpected() throws Exception {
    Path file =
        file(
            """
            listen: 8080
            polcy: random
            policy: fast
            block-size: 0
            replicas:
              - {url: ftp://x, weight: heavy}
              - {engine: vllm}
              - http://h:8000/v1
              - http://a,kv-replay=tcp://a:1,shade=blue
            limits: {body: 12x, colour: red}
            timeouts: 30
            routing-headers: "yes"
            """);

    assertThat(problemsOf(new ConfigSources().file(file)))
        .containsExactlyInAnyOrder(
            "kvroute.yaml: listen: 8080 (expected: HOST:PORT)",
            "kvroute.yaml: polcy: unknown property (expected: " + KNOWN + ")",
            "kvroute.yaml: policy: \"fast\" (expected: kv-aware, prefix-hash, session, least-load,"
                + " power-of-two, round-robin, random)",
            "kvroute.yaml: block-size: 0 (expected: a whole number from 1 to 65536)",
            "kvroute.yaml: replicas[0].url: \"ftp://x\" (expected: " + URL + ")",
            "kvroute.yaml: replicas[0].weight: \"heavy\""
                + " (expected: a whole number from 1 to 1000)",
            "kvroute.yaml: replicas[1].url: missing (expected: " + URL + ")",
            "kvroute.yaml: replicas[2].url: \"http://h:8000/v1\" (expected: " + URL + ")",
            "kvroute.yaml: replicas[3].kv-replay: tcp://a:1 (expected: kv-events beside it)",
            "kvroute.yaml: replicas[3].shade: unknown property"
                + " (expected: engine, kv-events, kv-replay, url, weight)",
            "kvroute.yaml: limits.body: \"12x\" (expected: a size such as 64KiB or 16MiB,"
                + " at least 1024 and at most 2147483647 bytes)",
            "kvroute.yaml: limits.colour: unknown property"
                + " (expected: body, buffered-bodies, header, index)",
            "kvroute.yaml: timeouts: 30 (expected: a mapping)",
            "kvroute.yaml: routing-headers: \"yes\" (expected: true or false)");
  }

  private static final String URL = "http://HOST:PORT without a path; the router adds /v1";
  private static final String KNOWN =
      "access-log, admin-listen, api-keys, block-size, blocks, chat-template-content-format,"
          + " chat-templates, default-chat-template-kwargs, engine-api-key,"
          + " exclude-tools-when-tool-choice-none, hub-offline, learn, limits, listen, max-attempts, path-prefix, policy,"
          + " prefix-hash, replicas, routing-headers, session, timeouts, tokenizers, transformers,"
          + " trust-request-chat-template, trusted-proxies, warm-up";

  @Test
  void aProblemNamesItsFlagOrVariable() {
    assertThat(
            problemsOf(
                new ConfigSources()
                    .environment(Map.of("KVROUTE_BLOCKS", "many"))
                    .flag("--replica", "replicas", List.of("http://a,engine=sglang", "b"))))
        .containsExactlyInAnyOrder(
            "KVROUTE_BLOCKS: blocks: \"many\" (expected: a whole number from 1 to 1073741824)",
            "--replica: engine: \"sglang\" (expected: vllm, trtllm, openai)",
            "--replica: url: \"b\" (expected: " + URL + ")");
  }

  @Test
  void theSameReplicaTwiceIsAProblem() {
    assertThat(problemsOf(new ConfigSources().set("replicas", "http://a:1", "http://a:1/")))
        .containsExactly("--replicas: http://a:1/ twice (expected: each replica once)");
  }

  @Test
  void reportsInvalidYamlWithItsLine() throws Exception {
    assertThat(problemsOf(new ConfigSources().file(file("policy: [random\nlisten: x\n"))))
        .singleElement()
        .asString()
        .startsWith("kvroute.yaml: line 2: ")
        .endsWith("(expected: YAML)");
    assertThat(problemsOf(new ConfigSources().file(file("policy: random\npolicy: session\n"))))
        .singleElement()
        .asString()
        .contains("line 2", "policy");
    assertThat(problemsOf(new ConfigSources().file(file("- a\n"))))
        .containsExactly("kvroute.yaml: [\"a\"] (expected: a mapping of properties)");
    assertThat(problemsOf(new ConfigSources().file(directory.resolve("gone.yaml"))))
        .containsExactly("gone.yaml: no such file (expected: a YAML file)");
  }

  @Test
  void anEmptyFileAndEmptyPropertiesGiveTheDefaults() throws Exception {
    assertThat(new ConfigSources().file(file("# nothing\nreplicas:\nlimits:\n")).load())
        .isEqualTo(new ConfigSources().load());
    assertThat(new ConfigSources().file(file("")).load()).isEqualTo(new ConfigSources().load());
  }

  @Test
  void neverShowsApiKeys() throws Exception {
    Config config =
        new ConfigSources().environment(Map.of("KVROUTE_API_KEYS", "sk-one sk-two")).load();
    assertThat(config.apiKeys()).containsExactly(new ApiKey("sk-one"), new ApiKey("sk-two"));
    assertThat(config.toString()).doesNotContain("sk-");
    assertThat(problemsOf(new ConfigSources().set("api-keys", "sk-sécret")))
        .singleElement()
        .asString()
        .startsWith("--api-keys: (hidden)");
  }
}
