package io.kvroute.router.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Decodes the payload of vLLM's KV event messages (vllm/distributed/kv_events.py): a batch is an
 * array {@code [timestamp, events, rank]}; an event is a tagged array up to vLLM 0.23 and a tagged
 * map from 0.24 on, recognized by its first byte. Unknown fields and events are skipped.
 */
public final class VllmEventDecoder {

  /** The fields of an event in array form, in order, after the tag. */
  private static final List<String> STORED_FIELDS =
      List.of(
          "block_hashes",
          "parent_block_hash",
          "token_ids",
          "block_size",
          "lora_id",
          "medium",
          "lora_name",
          "extra_keys",
          "group_idx",
          "kv_cache_spec_kind");

  private static final List<String> REMOVED_FIELDS = List.of("block_hashes", "medium", "group_idx");

  private VllmEventDecoder() {}

  /**
   * Decodes one message's payload.
   *
   * @throws MalformedEventException if it is not an event batch
   */
  public static KvEvent.Batch decode(byte[] payload) throws MalformedEventException {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(payload)) {
      int fields = in.unpackArrayHeader();
      if (fields < 2) {
        throw new MalformedEventException("batch of " + fields + " fields (expected: 2 or 3)");
      }
      double timestampSeconds = number(in);
      List<KvEvent> events = events(in, payload.length);
      int rank = fields > 2 && !in.tryUnpackNil() ? in.unpackInt() : 0;
      return new KvEvent.Batch(timestampSeconds, events, rank);
    } catch (IOException | MessagePackException e) {
      throw new MalformedEventException("not a vLLM event batch: " + e.getMessage(), e);
    }
  }

  private static double number(MessageUnpacker in) throws IOException {
    return in.getNextFormat().getValueType() == ValueType.FLOAT
        ? in.unpackDouble()
        : in.unpackLong();
  }

  private static List<KvEvent> events(MessageUnpacker in, int payloadBytes)
      throws IOException, MalformedEventException {
    int count = bounded(in.unpackArrayHeader(), payloadBytes);
    List<KvEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      EventFields fields = new EventFields(payloadBytes);
      if (in.getNextFormat().getValueType() == ValueType.MAP) {
        readMap(in, fields);
      } else {
        readArray(in, fields);
      }
      fields.addTo(events);
    }
    return events;
  }

  private static void readMap(MessageUnpacker in, EventFields fields)
      throws IOException, MalformedEventException {
    int entries = in.unpackMapHeader();
    for (int i = 0; i < entries; i++) {
      fields.read(in.unpackString(), in);
    }
  }

  private static void readArray(MessageUnpacker in, EventFields fields)
      throws IOException, MalformedEventException {
    int length = in.unpackArrayHeader();
    if (length == 0) {
      throw new MalformedEventException("event without a tag");
    }
    fields.read("type", in);
    List<String> names =
        switch (fields.type()) {
          case "BlockStored" -> STORED_FIELDS;
          case "BlockRemoved" -> REMOVED_FIELDS;
          default -> List.of();
        };
    for (int i = 1; i < length; i++) {
      fields.read(i <= names.size() ? names.get(i - 1) : "", in);
    }
  }

  /** Rejects a length that exceeds the payload, before memory is allocated for it. */
  static int bounded(int length, int payloadBytes) throws MalformedEventException {
    if (length > payloadBytes) {
      throw new MalformedEventException(
          "length " + length + " in a payload of " + payloadBytes + " bytes");
    }
    return length;
  }
}
