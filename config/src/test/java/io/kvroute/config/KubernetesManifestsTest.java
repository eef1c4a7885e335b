package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Checks that the Kubernetes manifests agree with each other and with the router. */
final class KubernetesManifestsTest {

  private static final Path MANIFESTS = Path.of("../deploy/kubernetes");

  private final JsonNode deployment = manifest("deployment.yaml");
  private final JsonNode pod = deployment.at("/spec/template/spec");
  private final JsonNode container = pod.at("/containers/0");

  @TempDir private Path directory;

  private static JsonNode manifest(String name) {
    try {
      return YAMLMapper.shared().readTree(Files.readString(MANIFESTS.resolve(name)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Config config() throws Exception {
    String yaml = manifest("configmap.yaml").at("/data/kvroute.yaml").asString();
    return new ConfigSources()
        .file(Files.writeString(directory.resolve("kvroute.yaml"), yaml))
        .load();
  }

  private int port(String name) {
    return container
        .path("ports")
        .valueStream()
        .filter(port -> port.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow()
        .path("containerPort")
        .intValue();
  }

  @Test
  void theConfigMapHoldsAValidConfiguration() throws Exception {
    Config config = config();

    assertThat(config.replicas()).isNotEmpty();
    assertThat(config.listen().port()).isEqualTo(port("http"));
    assertThat(config.adminListen()).hasToString("0.0.0.0:" + port("admin"));
  }

  @Test
  void theDeploymentReadsTheFileThatTheConfigMapHolds() {
    String file = container.path("args").valueStream().reduce((a, b) -> b).orElseThrow().asString();
    String mount =
        container
            .path("volumeMounts")
            .valueStream()
            .filter(volume -> volume.path("name").asString().equals("config"))
            .findFirst()
            .orElseThrow()
            .path("mountPath")
            .asString();

    assertThat(file).isEqualTo(mount + "/kvroute.yaml");
    assertThat(pod.at("/volumes/0/configMap/name")).isEqualTo(name(manifest("configmap.yaml")));
  }

  @Test
  void thePodLivesLongEnoughForItsRequestsToFinish() throws Exception {
    Duration preStop =
        Duration.ofSeconds(
            Long.parseLong(container.at("/lifecycle/preStop/exec/command/1").asString()));
    Duration grace = Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").longValue());

    assertThat(grace)
        .isGreaterThan(
            preStop.plus(config().timeouts().drainDelay()).plus(config().timeouts().shutdown()));
  }

  @Test
  void serviceProbesAndSelectorsMatchThePod() {
    JsonNode service = manifest("service.yaml");
    JsonNode labels = deployment.at("/spec/template/metadata/labels");

    assertThat(service.at("/spec/selector")).isEqualTo(labels);
    assertThat(deployment.at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(service.at("/spec/ports/0/targetPort").asString()).isEqualTo("http");
    for (String probe : new String[] {"startupProbe", "livenessProbe", "readinessProbe"}) {
      assertThat(container.path(probe).at("/httpGet/port").asString()).isEqualTo("admin");
    }
  }

  @Test
  void thePodNeedsNoPrivileges() {
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/securityContext/capabilities/drop/0").asString()).isEqualTo("ALL");
  }

  private static JsonNode name(JsonNode manifest) {
    return manifest.at("/metadata/name");
  }
}
