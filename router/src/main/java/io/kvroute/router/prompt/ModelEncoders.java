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
 * Maps each model to its tokenizer, and loads tokenizers in the background when a replica is first
 * seen to serve a model.
 *
 * <p>A configured location comes first; without one, the {@code root} that the replica reports is
 * used as a directory or model id (see {@link ModelFiles#locate}). A location configured for one
 * name of a model also holds for its other names, unless they have their own. Models with the same
 * location and options share one encoder. After a failure, loading is retried no sooner than
 * {@value #RETRY_MILLIS} ms later, when a replica is again seen to serve the model. Thread-safe.
 */
public final class ModelEncoders {

  static final long RETRY_MILLIS = 300_000;

  private static final Logger log = LoggerFactory.getLogger(ModelEncoders.class);

  /** Opens the tokenizer at a directory or model id; may block. */
  public interface Loader {
    ModelEncoder load(String location, PromptEncoderOptions options) throws IOException;
  }

  /** An encoder's location and options; models with equal sources share one encoder. */
  private record Source(String location, PromptEncoderOptions options) {}

  private sealed interface State {
    record Loading() implements State {}

    record Ready(ModelEncoder encoder) implements State {}

    record Failed(String message, long retryAtMillis) implements State {}
  }

  /** The key of the location for all models not named. */
  private static final String OTHERS = "*";

  private final Map<String, String> locationByModel;
  private final Function<List<String>, PromptEncoderOptions> optionsOf;
  private final Loader loader;
  private final Executor background;
  private final LongSupplier clockMillis;
  private final ConcurrentMap<String, Optional<Source>> served = new ConcurrentHashMap<>();
  private final ConcurrentMap<Source, State> states = new ConcurrentHashMap<>();

  /**
   * Creates an empty map; encoders are loaded on {@code background}.
   *
   * @param locationByModel {@code --tokenizer MODEL=…}; {@code *} stands for all models not named
   * @param optionsOf the engine's prompt options for a model, given all the model's names; the
   *     first name takes precedence
   * @param clockMillis any monotonic clock
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

  /** Loads from disk, from the Hugging Face cache or from the hub, as the environment says. */
  public static Loader files(Map<String, String> environment) {
    return (location, options) ->
        ModelEncoder.of(PromptEncoder.open(ModelFiles.locate(location, environment), options));
  }

  /**
   * Reports that a replica serves a model; call this after each poll of a replica.
   *
   * @param names the served name first, then all other names of the same base model
   * @param root the {@code root} in the replica's {@code /v1/models}
   * @param parent the base model of an adapter, whose tokenizer the adapter uses
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
    boolean claimed =
        before == null
            ? states.putIfAbsent(source, loading) == null
            : before instanceof State.Failed failed
                && clockMillis.getAsLong() >= failed.retryAtMillis()
                && states.replace(source, before, loading);
    if (claimed) {
      background.execute(() -> load(model, source));
    }
  }

  /**
   * Starts to load all configured tokenizers before any replica is seen, so that the first requests
   * need not be routed by text.
   *
   * @return completes once each of them has been loaded or has failed
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
    String configured = location(names);
    if (configured == null && parent != null) {
      Optional<Source> base = served.getOrDefault(parent, Optional.empty());
      if (base.isPresent()) {
        return base.get();
      }
    }
    String location = configured != null ? configured : locationByModel.getOrDefault(OTHERS, root);
    return location == null ? null : new Source(location, optionsOf.apply(names));
  }

  /** The configured location of the first name that has one, or null. */
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
      log.warn(
          "model {}: cannot load its tokenizer; its prompts need an engine's /tokenize, or are"
              + " matched by text: {}",
          model,
          message);
    }
  }

  /** Whether a replica has been seen to serve {@code model}. */
  boolean knows(String model) {
    return served.containsKey(model);
  }

  /** The model's encoder, or null if it is still loading or there is none. */
  @Nullable ModelEncoder find(String model) {
    return state(model) instanceof State.Ready ready ? ready.encoder() : null;
  }

  private @Nullable State state(String model) {
    Optional<Source> source = served.get(model);
    return source == null || source.isEmpty() ? null : states.get(source.get());
  }

  /** The code that tokenizes for the model: {@code native}, {@code djl}, or {@code none} yet. */
  public String tokenizer(String model) {
    ModelEncoder encoder = find(model);
    return encoder == null ? "none" : encoder.tokenizer();
  }

  /** The reason why the model has no encoder; null if it has one or the model is unknown. */
  public @Nullable String problem(String model) {
    if (!knows(model)) {
      return null;
    }
    return switch (state(model)) {
      case State.Failed failed -> failed.message();
      case State.Loading loading -> "its tokenizer is being loaded";
      case State.Ready ready -> null;
      case null ->
          "its replicas report no root to load a tokenizer from (expected: --tokenizer "
              + model
              + "=DIR_OR_HF_ID)";
    };
  }

  /** The problems of all models that have one. */
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
