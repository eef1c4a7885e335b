package io.kvroute.tokenizer.hub;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of models by id, in the Hugging Face cache, and updates the cache from the hub.
 * If the hub cannot be reached, uses the cached files with a warning. Safe for any number of
 * threads and processes; blocks on the network.
 */
public final class Hub {

  private static final Logger log = LoggerFactory.getLogger(Hub.class);

  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

  private final HubCache cache;
  private final URI endpoint;
  private final @Nullable String token;
  private final boolean offline;
  private final Duration timeout;

  /**
   * @param environment {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code
   *     HF_TOKEN}, {@code HF_HUB_OFFLINE}
   */
  public Hub(Map<String, String> environment) {
    this(environment, Duration.ofSeconds(10));
  }

  Hub(Map<String, String> environment, Duration timeout) {
    this.cache = HubCache.of(environment);
    String set = environment.getOrDefault("HF_ENDPOINT", "");
    this.endpoint = URI.create(set.isEmpty() ? DEFAULT_ENDPOINT : set);
    String given = environment.getOrDefault("HF_TOKEN", "").strip();
    this.token = given.isEmpty() ? null : given;
    this.offline =
        TRUE.contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT));
    this.timeout = timeout;
  }

  /**
   * Returns a directory with those of {@code files} that the model has.
   *
   * @throws IOException if there is no such model, or neither the cache nor the hub can provide it;
   *     the message says what to do
   */
  public Path fetch(ModelId id, List<String> files) throws IOException {
    Path cached = cache.snapshot(id);
    if (offline) {
      if (cached == null) {
        throw new FileNotFoundException(
            id.name()
                + ": not in "
                + cache.directory()
                + ", and HF_HUB_OFFLINE forbids to download it");
      }
      return cached;
    }
    try (HubHttp http = new HubHttp(endpoint, token, timeout)) {
      return download(http, id, files);
    } catch (NoSuchModelException e) {
      throw e;
    } catch (IOException e) {
      if (cached == null) {
        throw new IOException(
            id.name()
                + ": not in "
                + cache.directory()
                + " and not from "
                + endpoint
                + ": "
                + e.getMessage()
                + " (set HF_ENDPOINT for a mirror, or give a directory)",
            e);
      }
      log.warn(
          "{}: the download failed ({}); using the files of an earlier one in {}",
          id.name(),
          e.getMessage(),
          cached);
      return cached;
    }
  }

  private Path download(HubHttp http, ModelId id, List<String> files) throws IOException {
    String commit = id.isPinned() ? id.revision() : null;
    boolean any = false;
    for (String name : files) {
      URI address = http.resolve(id, commit == null ? id.revision() : commit, name);
      HttpResponse<Void> head = http.head(address);
      if (!isThere(id, address, head)) {
        continue;
      }
      HubFile file = HubFile.parse(header -> head.headers().firstValue(header));
      commit = file.commit();
      new BlobDownload(http).run(address, file, cache.blob(id, file.etag()));
      cache.link(id, commit, name, file.etag());
      any = true;
    }
    if (commit == null || !any) {
      throw new NoSuchModelException(id.name() + ": has none of " + String.join(", ", files));
    }
    cache.name(id, commit);
    return cache.snapshot(id, commit);
  }

  /**
   * Whether the model has the file. Fails if there is no such model or no permission to read it.
   */
  private boolean isThere(ModelId id, URI address, HttpResponse<Void> head) throws IOException {
    int status = head.statusCode();
    if (status < 400) {
      return true;
    }
    String code = head.headers().firstValue("x-error-code").orElse("");
    String model = id.name() + "@" + id.revision() + " at " + endpoint;
    switch (code) {
      case "EntryNotFound" -> {
        return false;
      }
      case "RevisionNotFound" -> throw new NoSuchModelException(model + ": no such revision");
      case "GatedRepo" ->
          throw new NoSuchModelException(
              model + ": gated (accept its terms on the hub, then set HF_TOKEN)");
      default -> {}
    }
    if (status == 401 || status == 403 || code.equals("RepoNotFound")) {
      throw new NoSuchModelException(
          model
              + ": no such model, or a private one (expected: its id; for private models, HF_TOKEN)");
    }
    if (status == 404) {
      return false;
    }
    throw new IOException(address + ": status " + status);
  }

  /** The hub answered that the model or file does not exist. */
  private static final class NoSuchModelException extends FileNotFoundException {
    private static final long serialVersionUID = 1L;

    NoSuchModelException(String message) {
      super(message);
    }
  }
}
