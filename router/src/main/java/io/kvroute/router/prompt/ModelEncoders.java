package io.kvroute.router.prompt;

import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tokenizer belongs to which model, loaded in the background when a replica is first seen to
 * serve the model. The setting comes first; without one, the {@code root} that the replica names is
 * taken for a directory or a model id (see {@link ModelFiles#locate}). A setting for one name of a
 * model holds for its other names too, unless they have their own. Models of one location share one
 * encoder. What failed is tried again at the earliest after {@value #RETRY_MILLIS} ms, when a
 * replica is seen to serve the model again. Thread-safe.
 */
public final class ModelEncoders {

  static final long RETRY_MILLIS = 300_000;

  private static final Logger log = LoggerFactory.getLogger(ModelEncoders.class);

  /** Opens what lies at a directory or model id; may block. */
  public interface Loader {
    ModelEncoder load(String location, PromptEncoderOptions options) throws IOException;
  }

  /** Where an encoder comes from and how it reads; models with equal sources share one. */
  private record Source(String location, PromptEncoderOptions options) {}

  private sealed interface State {
    record Loading() implements State {}

    record Ready(ModelEncoder encoder) implements State {}

    record Failed(String message, long retryAtMillis) implements State {}
  }

  /** In the map of locations: every model not named. */
  private static final String OTHERS = "*";

  private final Map<String, String> locationByModel;
  private final Function<List<String>, PromptEncoderOptions> optionsOf;
  private final Loader loader;
  private final Executor background;
  private final LongSupplier clockMillis;
  private final ConcurrentMap<String, Optional<Source>> served = new ConcurrentHashMap<>();
  private final ConcurrentMap<Source, State> states = new ConcurrentHashMap<>();

  /**
   * Encoders that are loaded on {@code background}.
   *
   * @param locationByModel {@code --tokenizer MODEL=…}; {@code *} stands for the models not named
   * @param optionsOf how the engine that serves a model reads its requests, by the model's names,
   *     of which the first counts most
   * @param clockMillis any clock that runs forward
   */
  public ModelEncoders(
      Map<String, String> locationByModel,
      Function<List<String>, PromptEncoderOptions> optionsOf,
      Loader loader,
      Executor background,
      LongSupplier clockMillis) {
    this.locationByModel = Map.copyOf(locationByModel);
    this.optionsOf = optionsOf;
    this.loader = loader;
    this.background = background;
    this.clockMillis = clockMillis;
  }

  /** Loads from disk, the Hugging Face cache or the hub, as the environment says. */
  public static Loader files(Map<String, String> environment) {
    return (location, options) ->
        ModelEncoder.of(PromptEncoder.open(ModelFiles.locate(location, environment), options));
  }

  /**
   * A replica serves a model; to be called whenever a replica was asked.
   *
   * @param names the name it is served by, and then all others of the same base model
   * @param root as the replica's {@code /v1/models} names it
   * @param parent the base model of an adapter, whose tokenizer it uses
   */
  public void served(List<String> names, @Nullable String root, @Nullable String parent) {
    String model = names.getFirst();
    Source source = source(names, root, parent);
    served.put(model, Optional.ofNullable(source));
    if (source == null) {
      return;
    }
    State before = states.get(source);
    State loading = new State.Loading();
    boolean mine =
        before == null
            ? states.putIfAbsent(source, loading) == null
            : before instanceof State.Failed failed
                && clockMillis.getAsLong() >= failed.retryAtMillis()
                && states.replace(source, before, loading);
    if (mine) {
      background.execute(() -> load(model, source));
    }
  }

  /**
   * Begins to load what was set, before any replica is seen, so that the first requests need not go
   * by text.
   *
   * @return complete once all of it has been loaded, or has failed to
   */
  public CompletableFuture<Void> loadConfigured() {
    List<CompletableFuture<Void>> loading = new ArrayList<>();
    locationByModel.forEach(
        (model, location) -> {
          Source source = new Source(location, optionsOf.apply(List.of(model)));
          if (states.putIfAbsent(source, new State.Loading()) == null) {
            loading.add(CompletableFuture.runAsync(() -> load(model, source), background));
          }
        });
    return CompletableFuture.allOf(loading.toArray(new CompletableFuture<?>[0]));
  }

  private @Nullable Source source(
      List<String> names, @Nullable String root, @Nullable String parent) {
    String set = location(names);
    if (set == null && parent != null) {
      Optional<Source> base = served.getOrDefault(parent, Optional.empty());
      if (base.isPresent()) {
        return base.get();
      }
    }
    String location = set != null ? set : locationByModel.getOrDefault(OTHERS, root);
    return location == null ? null : new Source(location, optionsOf.apply(names));
  }

  /** What is set for the first of the names that anything is set for; null for none. */
  private @Nullable String location(List<String> names) {
    for (String name : names) {
      String location = locationByModel.get(name);
      if (location != null) {
        return location;
      }
    }
    return null;
  }

  private void load(String model, Source source) {
    try {
      ModelEncoder encoder = loader.load(source.location(), source.options());
      states.put(source, new State.Ready(encoder));
      log.info("model {}: tokenizer loaded from {}", model, source.location());
    } catch (IOException | RuntimeException | LinkageError e) {
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      long retryAtMillis = clockMillis.getAsLong() + RETRY_MILLIS;
      states.put(source, new State.Failed(message, retryAtMillis));
      log.warn("model {}: no tokenizer, routing by text: {}", model, message);
    }
  }

  /** Whether a replica was seen to serve {@code model}. */
  boolean knows(String model) {
    return served.containsKey(model);
  }

  /** The model's encoder; null while it is loading, or where there is none. */
  @Nullable ModelEncoder find(String model) {
    return state(model) instanceof State.Ready ready ? ready.encoder() : null;
  }

  private @Nullable State state(String model) {
    Optional<Source> source = served.get(model);
    return source == null || source.isEmpty() ? null : states.get(source.get());
  }

  /** Which code tokenizes for the model: {@code native}, {@code djl}, or {@code none} for now. */
  public String tokenizer(String model) {
    ModelEncoder encoder = find(model);
    return encoder == null ? "none" : encoder.tokenizer();
  }

  /** Why the model has no encoder, in words for people; null if it has one, or is not known. */
  public @Nullable String problem(String model) {
    if (!knows(model)) {
      return null;
    }
    return switch (state(model)) {
      case State.Failed failed -> failed.message();
      case State.Loading loading -> "its tokenizer is being loaded";
      case State.Ready ready -> null;
      case null ->
          "its replicas name no root to load a tokenizer from (expected: --tokenizer "
              + model
              + "=DIR_OR_HF_ID)";
    };
  }

  /** What {@link #problem} says, for every model that has one. */
  public Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    for (String model : served.keySet()) {
      String problem = problem(model);
      if (problem != null) {
        problems.put(model, problem);
      }
    }
    return problems;
  }
}
