package io.kvroute.router.learn;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Decodes the answer to TensorRT-LLM's {@code POST /kv_cache_events} (KVCacheEventSerializer in
 * tensorrt_llm/_utils.py): an array of {@code {"event_id", "data", "window_size",
 * "attention_dp_rank"}}; older versions lack the last two. Unknown fields are skipped. Unknown
 * events are returned without content, as their numbers count. Not thread-safe.
 */
final class TrtllmEventDecoder {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build())
          .build();

  /** Tokens in a block: an assumption until a chain of several blocks shows it. */
  private int blockSize;

  /**
   * A decoder for one engine.
   *
   * @param blockSize tokens in a block, assumed until a chain of several blocks shows it
   */
  TrtllmEventDecoder(int blockSize) {
    this.blockSize = blockSize;
  }

  /**
   * Decodes one answer.
   *
   * @throws MalformedEventException if it is not an array of events
   */
  List<PolledEvent> decode(byte[] body) throws MalformedEventException {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (in.nextToken() != JsonToken.START_ARRAY) {
        throw new MalformedEventException("not an array of events");
      }
      List<PolledEvent> events = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        events.add(event(in));
      }
      return events;
    } catch (JacksonException e) {
      throw new MalformedEventException("not TensorRT-LLM's events: " + e.getOriginalMessage(), e);
    }
  }

  private PolledEvent event(JsonParser in) throws MalformedEventException {
    TrtllmFields data = new TrtllmFields();
    long number = -1;
    int rank = 0;
    int windowTokens = 0;
    require(in.currentToken() == JsonToken.START_OBJECT, "event");
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "event_id" -> number = in.getValueAsLong(-1);
        case "window_size" -> windowTokens = in.getValueAsInt(0);
        case "attention_dp_rank" -> rank = in.getValueAsInt(0);
        case "data" -> data.read(in);
        default -> {}
      }
      in.skipChildren();
    }
    require(number >= 0, "event_id");
    blockSize = data.blockSize(blockSize);
    return new PolledEvent(number, rank, windowTokens, data.event(blockSize));
  }

  static void require(boolean valid, String what) throws MalformedEventException {
    if (!valid) {
      throw new MalformedEventException(what + ": not what TensorRT-LLM sends");
    }
  }
}
