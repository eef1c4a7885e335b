package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokenizers whose tokens are the bytes, which show what a normalizer makes of a text. */
final class ByteTokenizer {

  private ByteTokenizer() {}

  /**
   * The content of a {@code tokenizer.json}.
   *
   * @param parts {@code added_tokens}, {@code normalizer} and {@code pre_tokenizer}, as JSON
   */
  static String json(String parts) {
    ObjectNode json = (ObjectNode) new JsonMapper().readTree(parts);
    json.put("version", "1.0");
    json.withObject("/decoder").put("type", "ByteLevel").put("add_prefix_space", false);
    json.withObject("/decoder").put("trim_offsets", true).put("use_regex", false);
    ObjectNode model = json.withObject("/model").put("type", "BPE");
    ObjectNode vocab = model.withObject("/vocab");
    for (char c = 0; c < 0x144; c++) {
      if (ByteSymbols.byteOf(c) >= 0) {
        vocab.put(String.valueOf(c), ByteSymbols.byteOf(c));
      }
    }
    model.putArray("merges");
    return json.toString();
  }

  /** The text whose bytes some ids are. */
  static String text(int[] ids) {
    byte[] bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = (byte) ids[i];
    }
    return new String(bytes, UTF_8);
  }
}
