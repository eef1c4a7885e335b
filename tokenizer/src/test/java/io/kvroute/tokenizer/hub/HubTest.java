package io.kvroute.tokenizer.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {

  private static final List<String> FILES = List.of("config.json", "tokenizer.json", "x/y.jinja");
  private static final byte[] SMALL = "{\"model_type\": \"m\"}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = new byte[200_000];

  static {
    new Random(1).nextBytes(LARGE);
  }

  @TempDir private Path home;

  private final FakeHub hub = new FakeHub();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void fill() {
    environment.put("HF_HOME", home.toString());
    environment.put("HF_ENDPOINT", hub.endpoint());
    hub.put("owner/model/config.json", SMALL);
    hub.put("owner/model/tokenizer.json", LARGE);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void arrangesFilesAsHuggingFaceToolsDo() throws Exception {
    Path snapshot = fetch("owner/model");
    Path model = home.resolve("hub/models--owner--model");
    assertThat(snapshot).isEqualTo(model.resolve("snapshots/" + FakeHub.COMMIT));
    assertThat(snapshot.resolve("config.json")).hasBinaryContent(SMALL);
    assertThat(snapshot.resolve("tokenizer.json")).hasBinaryContent(LARGE).isSymbolicLink();
    assertThat(snapshot.resolve("x/y.jinja")).doesNotExist();
    assertThat(model.resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(model.resolve("blobs/" + FakeHub.sha256(LARGE))).hasBinaryContent(LARGE);
    assertThat(model.resolve("blobs/" + FakeHub.gitSha1(SMALL))).hasBinaryContent(SMALL);
    assertNothingIsLeftHalf();
  }

  @Test
  void downloadsNothingThatIsCached() throws Exception {
    fetch("owner/model");
    hub.log().clear();
    fetch("owner/model");
    assertThat(hub.log()).isNotEmpty().allMatch(line -> line.startsWith("HEAD "));
  }

  @Test
  void downloadsWhatChanged() throws Exception {
    fetch("owner/model");
    byte[] changed = "{\"model_type\": \"n\"}".getBytes(StandardCharsets.UTF_8);
    hub.put("owner/model/generation_config.json", changed);
    Path snapshot =
        new Hub(environment)
            .fetch(id("owner/model"), List.of("config.json", "generation_config.json"));
    assertThat(snapshot.resolve("generation_config.json")).hasBinaryContent(changed);
  }

  @Test
  void resumesAfterAnAnswerBrokeOff() throws Exception {
    hub.breakOnceAfter(70_000);
    Path snapshot = fetch("owner/model");
    assertThat(snapshot.resolve("tokenizer.json")).hasBinaryContent(LARGE);
    assertThat(hub.log()).anyMatch(line -> line.matches(".*tokenizer.json bytes=[1-9]\\d*-"));
    assertNothingIsLeftHalf();
  }

  @Test
  void startsAgainIfTheServerSupportsNoRanges() throws Exception {
    hub.ignoreRanges();
    hub.breakOnceAfter(70_000);
    assertThat(fetch("owner/model").resolve("tokenizer.json")).hasBinaryContent(LARGE);
  }

  @Test
  void resumesWhatAnEarlierProcessLeft() throws Exception {
    Path blobs = home.resolve("hub/models--owner--model/blobs");
    Files.createDirectories(blobs);
    byte[] half = java.util.Arrays.copyOf(LARGE, 100_000);
    Files.write(blobs.resolve(FakeHub.sha256(LARGE) + ".incomplete"), half);
    assertThat(fetch("owner/model").resolve("tokenizer.json")).hasBinaryContent(LARGE);
    assertThat(hub.log()).contains("GET store:/owner/model/tokenizer.json bytes=100000-");
  }

  @Test
  void neverPublishesContentThatDoesNotMatchItsEtag() throws Exception {
    hub.corruptContent(true);
    assertThatThrownBy(() -> fetch("owner/model"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("etag");
    assertThat(home.resolve("hub/models--owner--model/snapshots")).doesNotExist();
    hub.corruptContent(false);
    assertThat(fetch("owner/model").resolve("config.json")).hasBinaryContent(SMALL);
  }

  @Test
  void sendsTheTokenOnlyToTheHub() throws Exception {
    hub.requireToken("secret");
    environment.put("HF_TOKEN", "secret");
    fetch("owner/model");
    assertThat(hub.log()).filteredOn(line -> line.contains("store:")).isNotEmpty();
    assertThat(hub.log())
        .allMatch(line -> line.contains("store:") != line.contains("Bearer secret"));
  }

  @Test
  void reportsThatATokenIsMissing() {
    hub.requireToken("secret");
    assertThatThrownBy(() -> fetch("owner/model"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("owner/model@main")
        .hasMessageContaining("HF_TOKEN");
  }

  @Test
  void reportsThatThereIsNoSuchModel() {
    assertThatThrownBy(() -> fetch("owner/nothing"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("owner/nothing@main")
        .hasMessageContaining("no such model");
  }

  @Test
  void followsAModelToItsNewName() throws Exception {
    hub.put("new/model/config.json", SMALL);
    hub.put("new/model/tokenizer.json", LARGE);
    assertThat(fetch("old/model").resolve("tokenizer.json")).hasBinaryContent(LARGE);
  }

  @Test
  void usesTheCacheIfTheHubFails() throws Exception {
    Path snapshot = fetch("owner/model");
    hub.answerWith(503);
    assertThat(fetch("owner/model")).isEqualTo(snapshot);
  }

  @Test
  void saysWhatToDoIfTheHubFailsAndTheCacheIsEmpty() {
    hub.answerWith(503);
    assertThatThrownBy(() -> fetch("owner/model"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("503")
        .hasMessageContaining("HF_ENDPOINT");
  }

  @Test
  void sendsNoRequestWhenOffline() throws Exception {
    environment.put("HF_HUB_OFFLINE", "1");
    assertThatThrownBy(() -> fetch("owner/model"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("HF_HUB_OFFLINE");
    assertThat(hub.log()).isEmpty();
    environment.remove("HF_HUB_OFFLINE");
    Path snapshot = fetch("owner/model");
    hub.log().clear();
    environment.put("HF_HUB_OFFLINE", "yes");
    assertThat(fetch("owner/model")).isEqualTo(snapshot);
    assertThat(fetch("owner/model@" + FakeHub.COMMIT)).isEqualTo(snapshot);
    assertThat(hub.log()).isEmpty();
  }

  @Test
  void downloadsAFileOnceForConcurrentCallers() throws Exception {
    Callable<Path> fetch = () -> fetch("owner/model");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Path> snapshot : threads.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
        assertThat(snapshot.get().resolve("tokenizer.json")).hasBinaryContent(LARGE);
      }
    }
    assertNothingIsLeftHalf();
  }

  private Path fetch(String model) throws IOException {
    return new Hub(environment, Duration.ofSeconds(10)).fetch(id(model), FILES);
  }

  private static ModelId id(String text) {
    return Objects.requireNonNull(ModelId.parse(text));
  }

  private void assertNothingIsLeftHalf() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(file -> file.toString().matches(".*\\.(incomplete|new)"))).isEmpty();
    }
  }
}
