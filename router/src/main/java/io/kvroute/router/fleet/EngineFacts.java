package io.kvroute.router.fleet;

import java.util.List;

/**
 * What a replica says of itself. Zero stands for unknown.
 *
 * @param blockSize tokens in a block
 * @param numBlocks GPU blocks as the engine counts them, vLLM's null block included
 * @param startedAtSeconds Unix time at which the engine's process started; a change is a restart
 * @param events where its ranks publish KV events, so far as it tells
 */
public record EngineFacts(
    EngineKind engine,
    List<ServedModel> models,
    int blockSize,
    int numBlocks,
    double startedAtSeconds,
    List<EventEndpoint> events) {

  /** Of a replica that has not been heard from. */
  public static final EngineFacts NONE = new EngineFacts(EngineKind.OPENAI, List.of(), 0, 0, 0);

  public EngineFacts {
    models = List.copyOf(models);
    events = List.copyOf(events);
  }

  /** Of an engine that does not tell where it publishes KV events. */
  public EngineFacts(
      EngineKind engine,
      List<ServedModel> models,
      int blockSize,
      int numBlocks,
      double startedAtSeconds) {
    this(engine, models, blockSize, numBlocks, startedAtSeconds, List.of());
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
