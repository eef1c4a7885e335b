package io.kvroute.router.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Collects the {@code data} of one TensorRT-LLM event while it is read, in any order. */
final class TrtllmFields {

  private static final int HEX_DIGITS_OF_LONG = 16;

  /** One block of a stored chain. */
  private static final class Block {
    long hash;
    int[] tokens = {};
    int tokenCount;
    int level;
    boolean media;
    @Nullable String salt;
  }

  private String type = "";
  private @Nullable Long parent;
  private @Nullable String lora;
  private final List<Block> blocks = new ArrayList<>();
  private long[] hashes = {};
  private long hash;
  private int newLevel = -1;

  void read(JsonParser in) throws MalformedEventException {
    TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_OBJECT, "data");
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "type" -> type = in.getValueAsString("");
        case "parent_hash" -> parent = value == JsonToken.VALUE_NULL ? null : (Long) hash(in);
        case "lora_name" -> lora = in.getValueAsString();
        case "blocks" -> readBlocks(in);
        case "block_hashes" -> readHashes(in);
        case "block_hash" -> hash = hash(in);
        case "cache_level" -> readLevels(in);
        default -> {}
      }
      in.skipChildren();
    }
  }

  /** Tokens in a block. All blocks of a chain except its last are full, so they show it. */
  int blockSize(int before) {
    boolean known = blocks.size() > 1 && blocks.getFirst().tokenCount > 0;
    return known ? blocks.getFirst().tokenCount : before;
  }

  /** The event, null if it does not concern routing. */
  @Nullable KvEvent event(int blockSize) {
    return switch (type) {
      case "stored" -> stored(blockSize);
      case "removed" -> new KvEvent.Removed(new BlockHashes(hashes), null, 0);
      case "updated" -> newLevel < 0 ? null : new KvEvent.Moved(hash, tier(newLevel), 0);
      case "all_cleared" -> new KvEvent.Cleared();
      default -> null;
    };
  }

  /** The full blocks. A chain's last block may be partial; other prompts cannot reuse it whole. */
  private @Nullable KvEvent stored(int blockSize) {
    int full = 0;
    while (full < blocks.size() && blocks.get(full).tokenCount == blockSize) {
      full++;
    }
    if (full == 0) {
      return null;
    }
    long[] engineHashes = new long[full];
    int[] ids = new int[full * blockSize];
    List<StoredBlocks.ExtraKeys> extraKeys = new ArrayList<>(full);
    for (int i = 0; i < full; i++) {
      Block block = blocks.get(i);
      engineHashes[i] = block.hash;
      System.arraycopy(block.tokens, 0, ids, i * blockSize, blockSize);
      List<String> salts = block.salt == null ? List.of() : List.of(block.salt);
      extraKeys.add(new StoredBlocks.ExtraKeys(salts, block.media));
    }
    StoredBlocks stored =
        new StoredBlocks(
            new BlockHashes(engineHashes),
            parent,
            new StoredBlocks.Tokens(ids),
            blockSize,
            lora,
            extraKeys);
    return new KvEvent.Stored(stored, tier(blocks.getFirst().level), 0, null);
  }

  private static Tier tier(int level) {
    return switch (level) {
      case 0 -> Tier.GPU;
      case 1 -> Tier.HOST;
      default -> Tier.DISK;
    };
  }

  private void readBlocks(JsonParser in) throws MalformedEventException {
    TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_ARRAY, "blocks");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_OBJECT, "block");
      blocks.add(block(in));
    }
  }

  private static Block block(JsonParser in) throws MalformedEventException {
    Block block = new Block();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      switch (name) {
        case "block_hash" -> block.hash = hash(in);
        case "tokens" -> readTokens(in, block);
        case "cache_level" -> block.level = in.getValueAsInt(0);
        case "cache_salt" -> block.salt = in.getValueAsString();
        case "mm_keys" -> block.media |= value == JsonToken.START_ARRAY && holdsAny(in);
        default -> {}
      }
      in.skipChildren();
    }
    return block;
  }

  /** Whether an array has elements; skips them. */
  private static boolean holdsAny(JsonParser in) {
    boolean any = false;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      any = true;
      in.skipChildren();
    }
    return any;
  }

  private static void readTokens(JsonParser in, Block block) throws MalformedEventException {
    TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_ARRAY, "tokens");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_OBJECT, "token");
      if (block.tokenCount == block.tokens.length) {
        block.tokens = Arrays.copyOf(block.tokens, Math.max(32, 2 * block.tokenCount));
      }
      block.tokens[block.tokenCount++] = token(in, block);
    }
  }

  /** Reads a token. One with an extra id stands for a piece of an image or other media. */
  private static int token(JsonParser in, Block block) {
    int id = 0;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "token_id" -> id = in.getValueAsInt(0);
        case "token_extra_id" -> block.media |= in.getValueAsLong(0) != 0;
        default -> {}
      }
      in.skipChildren();
    }
    return id;
  }

  private void readHashes(JsonParser in) throws MalformedEventException {
    TrtllmEventDecoder.require(in.currentToken() == JsonToken.START_ARRAY, "block_hashes");
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, Math.max(8, 2 * count));
      }
      hashes[count++] = hash(in);
    }
    hashes = Arrays.copyOf(hashes, count);
  }

  /**
   * Reads the cache level after a change, {@code
   * {"type":"event_diff","new_value":1,"old_value":0}}.
   */
  private void readLevels(JsonParser in) {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("new_value")) {
        newLevel = in.getValueAsInt(-1);
      }
      in.skipChildren();
    }
  }

  /**
   * Reads an engine hash: an unsigned 64-bit number, or (algorithm v2_sha256) a digest in
   * hexadecimal, of which the last 64 bits are taken.
   */
  private static long hash(JsonParser in) throws MalformedEventException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return in.getBigIntegerValue().longValue();
    }
    TrtllmEventDecoder.require(in.currentToken() == JsonToken.VALUE_STRING, "hash");
    String text = in.getString();
    String low = text.substring(Math.max(0, text.length() - HEX_DIGITS_OF_LONG));
    try {
      return Long.parseUnsignedLong(low, 16);
    } catch (NumberFormatException e) {
      throw new MalformedEventException("hash: " + low + " (expected: hexadecimal digits)", e);
    }
  }
}
