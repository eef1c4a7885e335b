package io.kvroute.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CacheNamesTest {

  private static final String HERE = "/models/qwen3";
  private static final String THERE = "./model";

  private final Fleet fleet = new Fleet();

  private ReplicaId join(ServedModel... models) {
    ReplicaId id = fleet.add(ReplicaSpec.at(URI.create("http://10.0.0.1:8000"))).id();
    report(id, models);
    return id;
  }

  private void report(ReplicaId id, ServedModel... models) {
    fleet.report(id, new EngineFacts(EngineKind.VLLM, List.of(models), 16, 1000, 0));
  }

  private static ServedModel[] named(@Nullable String root, String... names) {
    return Stream.of(names)
        .map(name -> new ServedModel(name, root, null, 0))
        .toArray(ServedModel[]::new);
  }

  private static ServedModel adapter(String name, String root, String parent) {
    return new ServedModel(name, root, parent, 0);
  }

  private static ServedModel[] with(ServedModel[] models, ServedModel... more) {
    return Stream.concat(Stream.of(models), Stream.of(more)).toArray(ServedModel[]::new);
  }

  private String cache(String model) {
    return fleet.snapshot().cacheNames().of(model);
  }

  @Test
  void namesWithOneRootShareACache() {
    join(named(HERE, "qwen3", "gpt-4"));

    assertThat(cache("gpt-4")).isEqualTo(cache("qwen3"));
    assertThat(fleet.snapshot().cacheNames().namesOf("gpt-4")).containsExactly("gpt-4", "qwen3");
    assertThat(cache("never seen")).isEqualTo("never seen");
    assertThat(fleet.snapshot().cacheNames().namesOf("never seen")).containsExactly("never seen");
  }

  @Test
  void namesWithoutARootAreKeptApart() {
    join(named(null, "a", "b"));
    join(named("", "c", "d"));

    assertThat(Stream.of("a", "b", "c", "d").map(this::cache)).doesNotHaveDuplicates();
  }

  @Test
  void namesOfTwoRootsAreKeptApart() {
    join(with(named(HERE, "a"), named(THERE, "b")));

    assertThat(cache("a")).isNotEqualTo(cache("b"));
  }

  @Test
  void anAdapterWithTwoNamesHasTwoCaches() {
    join(
        with(
            named(HERE, "qwen3", "gpt-4"),
            adapter("law", "/adapters/law", "qwen3"),
            adapter("legal", "/adapters/law", "gpt-4")));

    assertThat(cache("law")).isEqualTo("law");
    assertThat(cache("legal")).isEqualTo("legal");
    assertThat(cache("gpt-4")).isEqualTo(cache("qwen3"));
  }

  @Test
  void namesThatSeveralReplicasConnectShareACache() {
    join(named(HERE, "a", "b"));
    join(named(THERE, "c", "b"));
    join(named(null, "c"));

    assertThat(Stream.of("a", "b", "c").map(this::cache).distinct()).hasSize(1);
    assertThat(fleet.snapshot().cacheNames().disputed()).isEmpty();
  }

  @Test
  void aNameKeepsOneCacheWhereReplicasListDifferentRoots() {
    join(named(HERE, "m"));
    join(named(THERE, "m"));

    assertThat(cache("m")).isEqualTo("m");
  }

  @Test
  void equalRootsOnDifferentReplicasDoNotConnectNames() {
    join(named(THERE, "qwen3"));
    join(named(THERE, "llama"));

    assertThat(cache("qwen3")).isNotEqualTo(cache("llama"));
  }

  @Test
  void namesThatOneReplicaKeepsApartAreDisputedAndKeptApartByAll() {
    ReplicaId first = join(named(HERE, "a", "b"));
    join(with(named(THERE, "a"), adapter("b", "/adapters/b", "a")));

    assertThat(cache("a")).isEqualTo("a");
    assertThat(cache("b")).isEqualTo("b");
    assertThat(fleet.snapshot().cacheNames().disputed()).containsExactly("a", "b");

    fleet.remove(first);
    assertThat(fleet.snapshot().cacheNames().disputed()).isEmpty();
  }

  @Test
  void aCacheKeepsItsNameWhicheverOfItsModelNamesComeAndGo() {
    ReplicaId first = join(named(HERE, "a", "b"));
    ReplicaId second = join(named(HERE, "a", "b"));
    String before = cache("b");

    report(first, named(HERE, "c", "b"));
    assertThat(cache("b")).isEqualTo(before);
    assertThat(cache("c")).isEqualTo(before);
    fleet.remove(second);
    report(first, named(HERE, "c"));
    assertThat(cache("c")).isEqualTo(before);
  }

  @Test
  void aNewModelWithTheNameOfAnOldCacheGetsAnotherCache() {
    ReplicaId first = join(named(HERE, "a", "b"));
    String before = cache("b");
    report(first, named(HERE, "b"));

    join(with(named(HERE, "b"), adapter("a", "/adapters/a", "b")));

    assertThat(cache("b")).isEqualTo(before);
    assertThat(cache("a")).isNotEqualTo(before);
  }

  @Test
  void anAdapterLoadedAtRunTimeDoesNotChangeItsBase() {
    ReplicaId first = join(named(HERE, "a", "b"));
    CacheNames before = fleet.snapshot().cacheNames();

    report(first, with(named(HERE, "a", "b"), adapter("law", "/adapters/law", "a")));
    assertThat(cache("a")).isEqualTo(before.of("a"));
    assertThat(cache("law")).isEqualTo("law");

    report(first, named(HERE, "a", "b"));
    CacheNames after = fleet.snapshot().cacheNames();
    join(named(HERE, "a", "b"));
    assertThat(fleet.snapshot().cacheNames()).isSameAs(after);
  }
}
