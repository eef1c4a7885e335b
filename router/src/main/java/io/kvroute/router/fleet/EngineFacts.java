package io.kvroute.router.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine reports of itself. Zero stands for unknown.
 *
 * @param blockSize tokens in a block
 * @param numBlocks GPU blocks as the engine counts them, vLLM's null block included
 * @param startedAtSeconds Unix time at which the engine's process started; a change is a restart
 * @param events where its data-parallel ranks publish KV events, empty where not reported
 */
public record EngineFacts(
    EngineKind engine,
    List<ServedModel> models,
    int blockSize,
    int numBlocks,
    double startedAtSeconds,
    List<EventEndpoint> events) {

  /** The facts of a replica that has not answered yet. */
  public static final EngineFacts NONE = new EngineFacts(EngineKind.OPENAI, List.of(), 0, 0, 0);

  public EngineFacts {
    models = List.copyOf(models);
    events = List.copyOf(events);
  }

  /** The facts of an engine that does not report where it publishes KV events. */
  public EngineFacts(
      EngineKind engine,
      List<ServedModel> models,
      int blockSize,
      int numBlocks,
      double startedAtSeconds) {
    this(engine, models, blockSize, numBlocks, startedAtSeconds, List.of());
  }

  /** The first name of the base model, which is not an adapter; null while not known. */
  public @Nullable ServedModel base() {
    for (ServedModel served : models) {
      if (served.parent() == null) {
        return served;
      }
    }
    return null;
  }

  /** The longest context of a model in tokens; 0 if it is not reported or not served. */
  public int maxModelLen(String model) {
    for (ServedModel served : models) {
      if (served.id().equals(model)) {
        return served.maxModelLen();
      }
    }
    return 0;
  }

  public boolean serves(String model) {
    for (ServedModel served : models) {
      if (served.id().equals(model)) {
        return true;
      }
    }
    return false;
  }
}
