package io.kvroute.router.fleet;

import java.util.List;

/**
 * What a replica says of itself. Zero stands for unknown.
 *
 * @param blockSize tokens in a block
 * @param numBlocks GPU blocks as the engine counts them, vLLM's null block included
 * @param startedAtSeconds Unix time at which the engine's process started; a change is a restart
 */
public record EngineFacts(
    EngineKind engine,
    List<ServedModel> models,
    int blockSize,
    int numBlocks,
    double startedAtSeconds) {}
