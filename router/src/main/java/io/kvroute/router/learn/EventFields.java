package io.kvroute.router.learn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Collects the fields of one vLLM event while it is read, in any order. */
final class EventFields {

  private static final int HASH_BYTES = 8;

  private final int payloadBytes;
  private String type = "";
  private long[] hashes = {};
  private @Nullable Long parent;
  private int[] tokens = {};
  private int blockSize;
  private @Nullable String loraId;
  private @Nullable String loraName;
  private @Nullable String medium;
  private @Nullable List<StoredBlocks.ExtraKeys> extraKeys;
  private int group;
  private @Nullable String kind;

  EventFields(int payloadBytes) {
    this.payloadBytes = payloadBytes;
  }

  String type() {
    return type;
  }

  /** Reads the value of one field; skips the value of an unknown field. */
  void read(String name, MessageUnpacker in) throws IOException, MalformedEventException {
    if (in.tryUnpackNil()) {
      return;
    }
    switch (name) {
      case "type" -> type = in.unpackString();
      case "block_hashes" -> hashes = hashes(in);
      case "parent_block_hash" -> parent = hash(in);
      case "token_ids" -> tokens = ints(in);
      case "block_size" -> blockSize = in.unpackInt();
      case "lora_id" -> loraId = Long.toString(in.unpackLong());
      case "lora_name" -> loraName = in.unpackString();
      case "medium" -> medium = in.unpackString();
      case "extra_keys" -> extraKeys = extraKeys(in);
      case "group_idx" -> group = in.unpackInt();
      case "kv_cache_spec_kind" -> kind = in.unpackString();
      default -> in.skipValue();
    }
  }

  /** Adds the event to the list, unless its type does not concern routing. */
  void addTo(List<KvEvent> events) {
    Tier tier = Tier.ofMedium(medium);
    switch (type) {
      case "BlockStored" -> {
        StoredBlocks stored =
            new StoredBlocks(
                new BlockHashes(hashes),
                parent,
                new StoredBlocks.Tokens(tokens),
                blockSize,
                loraName != null ? loraName : loraId,
                extraKeys);
        events.add(new KvEvent.Stored(stored, tier, group, kind));
      }
      case "BlockRemoved" -> events.add(new KvEvent.Removed(new BlockHashes(hashes), tier, group));
      case "AllBlocksCleared" -> events.add(new KvEvent.Cleared());
      default -> {}
    }
  }

  private int length(MessageUnpacker in) throws IOException, MalformedEventException {
    return VllmEventDecoder.bounded(in.unpackArrayHeader(), payloadBytes);
  }

  private long[] hashes(MessageUnpacker in) throws IOException, MalformedEventException {
    long[] all = new long[length(in)];
    for (int i = 0; i < all.length; i++) {
      all[i] = hash(in);
    }
    return all;
  }

  /**
   * Reads an engine hash: an integer, unsigned or (up to 0.10.1) signed, or a whole digest as
   * bytes. The last 8 bytes of a digest are taken, which are the integer that other versions
   * publish.
   */
  private long hash(MessageUnpacker in) throws IOException, MalformedEventException {
    if (in.getNextFormat().getValueType() == ValueType.INTEGER) {
      return in.unpackBigInteger().longValue();
    }
    int length = VllmEventDecoder.bounded(in.unpackBinaryHeader(), payloadBytes);
    byte[] digest = in.readPayload(length);
    long value = 0;
    for (int i = Math.max(0, length - HASH_BYTES); i < length; i++) {
      value = value << 8 | (digest[i] & 0xff);
    }
    return value;
  }

  private int[] ints(MessageUnpacker in) throws IOException, MalformedEventException {
    int[] all = new int[length(in)];
    for (int i = 0; i < all.length; i++) {
      all[i] = in.unpackInt();
    }
    return all;
  }

  private List<StoredBlocks.ExtraKeys> extraKeys(MessageUnpacker in)
      throws IOException, MalformedEventException {
    int blocks = length(in);
    List<StoredBlocks.ExtraKeys> all = new ArrayList<>(blocks);
    for (int i = 0; i < blocks; i++) {
      all.add(in.tryUnpackNil() ? StoredBlocks.ExtraKeys.NONE : extraKeysOfBlock(in));
    }
    return all;
  }

  /**
   * Reads the extra keys of one block. Adapter names and salts are strings, media are pairs of an
   * identifier and an offset, and digests of embeddings are bytes. vLLM up to 0.18 publishes media
   * as strings: these are taken for salts, so that such blocks match nothing else, as intended.
   */
  private StoredBlocks.ExtraKeys extraKeysOfBlock(MessageUnpacker in)
      throws IOException, MalformedEventException {
    int entries = length(in);
    List<String> names = new ArrayList<>(entries);
    boolean media = false;
    for (int i = 0; i < entries; i++) {
      if (in.getNextFormat().getValueType() == ValueType.STRING) {
        names.add(in.unpackString());
      } else {
        in.skipValue();
        media = true;
      }
    }
    return new StoredBlocks.ExtraKeys(List.copyOf(names), media);
  }
}
