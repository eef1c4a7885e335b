package io.kvroute.router.prompt;

import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tokenizer belongs to which model, loaded in the background when a replica is first seen to
 * serve the model. The setting comes first; without one, the {@code root} that the replica names is
 * taken for a directory or a model id (see {@link ModelFiles#locate}). Models of one location share
 * one encoder. What failed is tried again at the earliest after {@value #RETRY_MILLIS} ms, when a
 * replica is seen to serve the model again. Thread-safe.
 */
public final class ModelEncoders {

  static final long RETRY_MILLIS = 300_000;

  private static final Logger log = LoggerFactory.getLogger(ModelEncoders.class);

  /** Opens what lies at a directory or model id; may block. */
  public interface Loader {
    ModelEncoder load(String location) throws IOException;
  }

  private sealed interface State {
    record Loading() implements State {}

    record Ready(ModelEncoder encoder) implements State {}

    record Failed(String message, long retryAtMillis) implements State {}
  }

  private final Map<String, String> locationByModel;
  private final @Nullable String locationOfAll;
  private final Loader loader;
  private final Executor background;
  private final LongSupplier clockMillis;
  private final ConcurrentMap<String, String> servedAt = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, State> states = new ConcurrentHashMap<>();

  /**
   * Encoders that are loaded on {@code background}.
   *
   * @param locationByModel {@code --tokenizer MODEL=…}
   * @param locationOfAll {@code --tokenizer …}: for every model not named otherwise
   * @param clockMillis any clock that runs forward
   */
  public ModelEncoders(
      Map<String, String> locationByModel,
      @Nullable String locationOfAll,
      Loader loader,
      Executor background,
      LongSupplier clockMillis) {
    this.locationByModel = Map.copyOf(locationByModel);
    this.locationOfAll = locationOfAll;
    this.loader = loader;
    this.background = background;
    this.clockMillis = clockMillis;
  }

  /** Loads from disk, the Hugging Face cache or the hub, as the environment says. */
  public static Loader files(PromptEncoderOptions options, Map<String, String> environment) {
    return location ->
        ModelEncoder.of(PromptEncoder.open(ModelFiles.locate(location, environment), options));
  }

  /**
   * A replica serves {@code model}; to be called whenever a replica was asked.
   *
   * @param root as the replica's {@code /v1/models} names it
   */
  public void served(String model, @Nullable String root) {
    String set = locationByModel.getOrDefault(model, locationOfAll);
    String location = set != null ? set : root;
    if (location == null) {
      servedAt.putIfAbsent(model, "");
      return;
    }
    servedAt.put(model, location);
    State before = states.get(location);
    State loading = new State.Loading();
    if (before == null) {
      if (states.putIfAbsent(location, loading) == null) {
        background.execute(() -> load(model, location));
      }
    } else if (before instanceof State.Failed failed
        && clockMillis.getAsLong() >= failed.retryAtMillis()
        && states.replace(location, before, loading)) {
      background.execute(() -> load(model, location));
    }
  }

  private void load(String model, String location) {
    try {
      states.put(location, new State.Ready(loader.load(location)));
      log.info("model {}: tokenizer loaded from {}", model, location);
    } catch (IOException | RuntimeException | LinkageError e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      long retryAtMillis = clockMillis.getAsLong() + RETRY_MILLIS;
      states.put(location, new State.Failed(message, retryAtMillis));
      log.warn("model {}: no tokenizer, routing by text: {}", model, message);
    }
  }

  /** Whether a replica was seen to serve {@code model}. */
  boolean knows(String model) {
    return servedAt.containsKey(model);
  }

  /** The model's encoder; null while it is loading, or where there is none. */
  @Nullable ModelEncoder find(String model) {
    String location = servedAt.get(model);
    return location != null && states.get(location) instanceof State.Ready ready
        ? ready.encoder()
        : null;
  }

  /** Why the model has no encoder, in words for people; null if it has one. */
  public @Nullable String problem(String model) {
    String location = servedAt.get(model);
    if (location == null) {
      return null;
    }
    if (location.isEmpty()) {
      return "its replicas name no root to load a tokenizer from (expected: --tokenizer "
          + model
          + "=DIR_OR_HF_ID)";
    }
    return switch (states.get(location)) {
      case State.Failed failed -> failed.message();
      case State.Loading loading -> "its tokenizer is being loaded from " + location;
      case State.Ready ready -> null;
      case null -> null;
    };
  }

  /** What {@link #problem} says, for every model that has one. */
  public Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    for (String model : servedAt.keySet()) {
      String problem = problem(model);
      if (problem != null) {
        problems.put(model, problem);
      }
    }
    return problems;
  }
}
