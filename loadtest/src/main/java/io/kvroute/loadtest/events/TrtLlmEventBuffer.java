package io.kvroute.loadtest.events;

import io.kvroute.loadtest.engine.KvEvent;
import io.kvroute.loadtest.engine.KvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.KvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.KvEvent.BlockStored;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * TensorRT-LLM's KV events, as its server hands them to whoever polls (KVCacheEventSerializer in
 * tensorrt_llm/_utils.py): numbered JSON objects in a bounded buffer, which a poll empties. What
 * overflows is lost, and shows as a gap in the numbers. Thread-safe.
 */
public final class TrtLlmEventBuffer {

  /** event_buffer_max_size as operators set it. */
  private static final int MAX_EVENTS = 1024;

  /** The priority of blocks that nobody gave one. */
  private static final int PRIORITY = 35;

  private final int windowTokens;
  private final Deque<String> buffer = new ArrayDeque<>();
  private long nextId;

  /**
   * Begins with the event that tells an engine's size.
   *
   * @param blocks of the engine
   * @param windowTokens the attention window, which every event names
   */
  public TrtLlmEventBuffer(int blocks, int windowTokens) {
    this.windowTokens = windowTokens;
    add("{\"type\":\"created\",\"num_blocks_per_cache_level\":[%d,0]}".formatted(blocks));
  }

  /** Takes in a step's events. */
  public synchronized void add(List<KvEvent> events) {
    for (KvEvent event : events) {
      switch (event) {
        case BlockStored stored -> add(stored(stored));
        case BlockRemoved removed ->
            add(
                "{\"type\":\"removed\",\"block_hashes\":[%s]}"
                    .formatted(Long.toUnsignedString(removed.hash())));
        case AllBlocksCleared cleared -> {
          // A reset is told by removals there, and the model has no such request for this engine.
        }
      }
    }
  }

  /** All events since the last call, as a JSON array. */
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
