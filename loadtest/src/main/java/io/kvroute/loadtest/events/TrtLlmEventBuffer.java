package io.kvroute.loadtest.events;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineKvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockStored;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * TensorRT-LLM's buffer of KV events. Events are numbered JSON objects; a poll returns and removes
 * all of them. When the buffer is full it drops the oldest events, which a poller sees as a gap in
 * the numbers. Source: KVCacheEventSerializer in tensorrt_llm/_utils.py. Thread-safe.
 */
public final class TrtLlmEventBuffer {

  /** Capacity, a usual value of event_buffer_max_size. */
  private static final int MAX_EVENTS = 1024;

  /** The default priority of a block. */
  private static final int PRIORITY = 35;

  private final int windowTokens;
  private final Deque<String> buffer = new ArrayDeque<>();
  private long nextId;

  /**
   * Creates a buffer that holds the event with the engine's size.
   *
   * @param blocks number of the engine's blocks
   * @param windowTokens the attention window, which every event contains
   */
  public TrtLlmEventBuffer(int blocks, int windowTokens) {
    this.windowTokens = windowTokens;
    add("{\"type\":\"created\",\"num_blocks_per_cache_level\":[%d,0]}".formatted(blocks));
  }

  /** Adds the events of a step. */
  public synchronized void add(List<EngineKvEvent> events) {
    for (EngineKvEvent event : events) {
      switch (event) {
        case BlockStored stored -> add(stored(stored));
        case BlockRemoved removed ->
            add(
                "{\"type\":\"removed\",\"block_hashes\":[%s]}"
                    .formatted(Long.toUnsignedString(removed.hash())));
        case AllBlocksCleared cleared -> {
          // TensorRT-LLM reports a reset as removals, and its server offers no reset.
        }
      }
    }
  }

  /** Returns and removes all events since the last call, as a JSON array. */
  public synchronized String drain() {
    String events = buffer.stream().collect(Collectors.joining(",", "[", "]"));
    buffer.clear();
    return events;
  }

  private synchronized void add(String data) {
    if (buffer.size() == MAX_EVENTS) {
      buffer.removeFirst();
    }
    buffer.addLast(
        "{\"event_id\":%d,\"data\":%s,\"window_size\":%d}".formatted(nextId++, data, windowTokens));
  }

  private static String stored(BlockStored event) {
    StringBuilder out = new StringBuilder("{\"type\":\"stored\",\"parent_hash\":");
    Long parent = event.parentHash();
    out.append(parent == null ? "null" : Long.toUnsignedString(parent)).append(",\"blocks\":[");
    for (int i = 0; i < event.hashes().length; i++) {
      int from = i * event.blockSize();
      out.append(i == 0 ? "" : ",")
          .append("{\"type\":\"stored_block\",\"block_hash\":")
          .append(Long.toUnsignedString(event.hashes()[i]))
          .append(",\"tokens\":")
          .append(tokens(event.tokens(), from, from + event.blockSize()))
          .append(",\"cache_level\":0,\"priority\":")
          .append(PRIORITY)
          .append('}');
    }
    return out.append("]}").toString();
  }

  private static String tokens(int[] tokens, int from, int to) {
    return Arrays.stream(tokens, from, to)
        .mapToObj(id -> "{\"type\":\"unique_token\",\"token_id\":" + id + ",\"token_extra_id\":0}")
        .collect(Collectors.joining(",", "[", "]"));
  }
}
