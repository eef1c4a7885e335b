package io.kvroute.tokenizer.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cache on disk that all Hugging Face tools share: {@code models--OWNER--NAME} with {@code
 * blobs/ETAG}, {@code snapshots/COMMIT/FILE} linking to blobs, and {@code refs/REVISION} naming a
 * commit. Files appear complete or not at all.
 */
final class HubCache {

  private final Path directory;

  HubCache(Path directory) {
    this.directory = directory;
  }

  /** The cache in the place that {@code HF_HUB_CACHE}, {@code HF_HOME} or {@code HOME} defines. */
  static HubCache of(Map<String, String> environment) {
    String cache = environment.get("HF_HUB_CACHE");
    if (cache != null && !cache.isEmpty()) {
      return new HubCache(Path.of(cache));
    }
    String home = environment.get("HF_HOME");
    if (home != null && !home.isEmpty()) {
      return new HubCache(Path.of(home, "hub"));
    }
    String xdg = environment.get("XDG_CACHE_HOME");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(environment.getOrDefault("HOME", "."), ".cache");
    return new HubCache(base.resolve("huggingface").resolve("hub"));
  }

  Path directory() {
    return directory;
  }

  private Path model(ModelId id) {
    return directory.resolve("models--" + id.name().replace("/", "--"));
  }

  /** The files of a revision as last downloaded; null if the cache has none of them. */
  @Nullable Path snapshot(ModelId id) throws IOException {
    String commit = id.revision();
    if (!id.isPinned()) {
      Path ref = model(id).resolve("refs").resolve(id.revision());
      if (!Files.isRegularFile(ref)) {
        return null;
      }
      commit = Files.readString(ref).strip();
      if (!ModelId.isCommit(commit)) {
        return null;
      }
    }
    Path snapshot = snapshot(id, commit);
    return Files.isDirectory(snapshot) ? snapshot : null;
  }

  Path snapshot(ModelId id, String commit) {
    return model(id).resolve("snapshots").resolve(commit);
  }

  Path blob(ModelId id, String etag) {
    return model(id).resolve("blobs").resolve(etag);
  }

  /** Links a blob as a file of a commit. */
  void link(ModelId id, String commit, String file, String etag) throws IOException {
    Path link = snapshot(id, commit).resolve(file);
    Path folder = Objects.requireNonNull(link.getParent());
    Files.createDirectories(folder);
    if (Files.exists(link)) {
      return;
    }
    Files.deleteIfExists(link);
    Path blob = blob(id, etag);
    try {
      Files.createSymbolicLink(link, folder.relativize(blob));
    } catch (UnsupportedOperationException | IOException noSymbolicLinks) {
      Path copy = Files.createTempFile(folder, "copy", ".new");
      Files.copy(blob, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Records the commit of a branch or tag. */
  void name(ModelId id, String commit) throws IOException {
    if (id.isPinned()) {
      return;
    }
    Path ref = model(id).resolve("refs").resolve(id.revision());
    Path folder = Objects.requireNonNull(ref.getParent());
    Files.createDirectories(folder);
    Path written = Files.createTempFile(folder, "ref", ".new");
    Files.writeString(written, commit);
    Files.move(written, ref, StandardCopyOption.ATOMIC_MOVE);
  }
}
