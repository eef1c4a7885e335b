package io.kvroute.loadtest.events;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineKvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockStored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.ImmutableValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/**
 * Reads vLLM's event batches in both encodings: events as arrays (until 0.23) and as maps (from
 * 0.24). Skips unknown fields.
 */
public final class VllmEventReader {

  /** The fields of the array encoding, in the order in which vLLM's versions added them. */
  private static final List<String> STORED_FIELDS =
      List.of(
          "type",
          "block_hashes",
          "parent_block_hash",
          "token_ids",
          "block_size",
          "lora_id",
          "medium",
          "lora_name",
          "extra_keys");

  private static final List<String> REMOVED_FIELDS = List.of("type", "block_hashes");

  private VllmEventReader() {}

  /**
   * Reads the payload of one message.
   *
   * @throws IOException if the payload is not a batch of events
   */
  public static KvEventBatch read(byte[] payload) throws IOException {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(payload)) {
      ImmutableValue value = in.unpackValue();
      List<Value> batch = value.asArrayValue().list();
      List<EngineKvEvent> events = new ArrayList<>();
      for (Value event : batch.get(1).asArrayValue()) {
        add(event, events);
      }
      int rank = batch.size() > 2 && !batch.get(2).isNilValue() ? asInt(batch.get(2)) : 0;
      return new KvEventBatch(batch.get(0).asNumberValue().toDouble(), events, rank);
    } catch (RuntimeException e) {
      throw new IOException("not a batch of vLLM's KV events: " + reason(e), e);
    }
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static void add(Value value, List<EngineKvEvent> events) {
    Map<String, Value> event = fields(value);
    String type = get(event, "type").asStringValue().asString();
    switch (type) {
      case "BlockStored" -> events.add(stored(event));
      case "BlockRemoved" -> {
        for (Value hash : get(event, "block_hashes").asArrayValue()) {
          events.add(new BlockRemoved(hash(hash)));
        }
      }
      case "AllBlocksCleared" -> events.add(new AllBlocksCleared());
      default -> throw new IllegalArgumentException("event type: " + type);
    }
  }

  private static Map<String, Value> fields(Value value) {
    Map<String, Value> fields = new HashMap<>();
    if (value.isMapValue()) {
      value.asMapValue().map().forEach((k, v) -> fields.put(k.asStringValue().asString(), v));
      return fields;
    }
    List<Value> values = value.asArrayValue().list();
    boolean stored = values.getFirst().asStringValue().asString().equals("BlockStored");
    List<String> names = stored ? STORED_FIELDS : REMOVED_FIELDS;
    for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
      fields.put(names.get(i), values.get(i));
    }
    return fields;
  }

  private static BlockStored stored(Map<String, Value> event) {
    ArrayValue names = get(event, "block_hashes").asArrayValue();
    long[] hashes = new long[names.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(names.get(i));
    }
    ArrayValue ids = get(event, "token_ids").asArrayValue();
    int[] tokens = new int[ids.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = asInt(ids.get(i));
    }
    Value parent = get(event, "parent_block_hash");
    return new BlockStored(
        hashes,
        parent.isNilValue() ? null : (Long) hash(parent),
        tokens,
        asInt(get(event, "block_size")),
        salt(get(event, "extra_keys")));
  }

  private static @Nullable String salt(Value extraKeys) {
    if (!extraKeys.isArrayValue() || extraKeys.asArrayValue().size() == 0) {
      return null;
    }
    Value first = extraKeys.asArrayValue().get(0);
    if (!first.isArrayValue() || first.asArrayValue().size() == 0) {
      return null;
    }
    Value salt = first.asArrayValue().get(0);
    return salt.isStringValue() ? salt.asStringValue().asString() : null;
  }

  /** The low 64 bits of a hash, which is encoded as an unsigned number or as the whole digest. */
  private static long hash(Value value) {
    if (value.isIntegerValue()) {
      return value.asIntegerValue().asBigInteger().longValue();
    }
    byte[] digest = value.asBinaryValue().asByteArray();
    return ByteBuffer.wrap(digest, digest.length - Long.BYTES, Long.BYTES).getLong();
  }

  private static int asInt(Value value) {
    return value.asIntegerValue().asInt();
  }

  private static Value get(Map<String, Value> event, String field) {
    return event.getOrDefault(field, ValueFactory.newNil());
  }
}
