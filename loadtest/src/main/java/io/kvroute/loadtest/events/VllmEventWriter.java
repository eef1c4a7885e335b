package io.kvroute.loadtest.events;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineKvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockStored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Writes event batches as vLLM 0.24 and later do (vllm/distributed/kv_events.py): an array of time,
 * events and rank. Each event is a map with the tag {@code type}. Its fields and their order are
 * those of vLLM 0.32 with one full-attention group.
 */
public final class VllmEventWriter {

  private VllmEventWriter() {}

  /** Encodes a batch as the payload of one message. */
  public static byte[] write(KvEventBatch batch) {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      out.packArrayHeader(3);
      out.packDouble(batch.seconds());
      out.packArrayHeader(batch.events().size());
      for (EngineKvEvent event : batch.events()) {
        switch (event) {
          case BlockStored stored -> stored(out, stored);
          case BlockRemoved removed -> removed(out, removed);
          case AllBlocksCleared cleared -> {
            out.packMapHeader(1);
            type(out, "AllBlocksCleared");
          }
        }
      }
      out.packInt(batch.rank());
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer packer does no I/O
    }
  }

  private static void stored(MessageBufferPacker out, BlockStored event) throws IOException {
    out.packMapHeader(11);
    type(out, "BlockStored");
    out.packString("block_hashes");
    out.packArrayHeader(event.hashes().length);
    for (long hash : event.hashes()) {
      hash(out, hash);
    }
    out.packString("parent_block_hash");
    Long parent = event.parentHash();
    if (parent == null) {
      out.packNil();
    } else {
      hash(out, parent);
    }
    out.packString("token_ids");
    out.packArrayHeader(event.tokens().length);
    for (int token : event.tokens()) {
      out.packInt(token);
    }
    out.packString("block_size");
    out.packInt(event.blockSize());
    out.packString("lora_id");
    out.packNil();
    medium(out);
    out.packString("lora_name");
    out.packNil();
    extraKeys(out, event);
    out.packString("group_idx");
    out.packInt(0);
    out.packString("kv_cache_spec_kind");
    out.packString("full_attention");
  }

  /** One entry for each block; only a sequence's first block carries the salt. */
  private static void extraKeys(MessageBufferPacker out, BlockStored event) throws IOException {
    out.packString("extra_keys");
    out.packArrayHeader(event.hashes().length);
    for (int i = 0; i < event.hashes().length; i++) {
      String salt = event.cacheSalt();
      if (i == 0 && salt != null) {
        out.packArrayHeader(1);
        out.packString(salt);
      } else {
        out.packNil();
      }
    }
  }

  private static void removed(MessageBufferPacker out, BlockRemoved event) throws IOException {
    out.packMapHeader(4);
    type(out, "BlockRemoved");
    out.packString("block_hashes");
    out.packArrayHeader(1);
    hash(out, event.hash());
    medium(out);
    out.packString("group_idx");
    out.packInt(0);
  }

  private static void type(MessageBufferPacker out, String name) throws IOException {
    out.packString("type");
    out.packString(name);
  }

  private static void medium(MessageBufferPacker out) throws IOException {
    out.packString("medium");
    out.packString("GPU");
  }

  private static void hash(MessageBufferPacker out, long hash) throws IOException {
    if (hash >= 0) {
      out.packLong(hash);
    } else {
      out.packBigInteger(new BigInteger(Long.toUnsignedString(hash)));
    }
  }
}
