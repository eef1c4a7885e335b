package io.kvroute.tokenizer.bpe;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;

/** The reference: the Hugging Face library by DJL's binding, ids only. */
final class HuggingFace implements AutoCloseable {

  static {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    LibUtils.checkStatus();
  }

  private final long handle;

  HuggingFace(String json) {
    handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
    TokenizersLibrary.LIB.disableTruncation(handle);
    TokenizersLibrary.LIB.disablePadding(handle);
  }

  int[] encode(String text) {
    long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
    try {
      long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
      int[] narrow = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        narrow[i] = (int) ids[i];
      }
      return narrow;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return TokenizersLibrary.LIB.decode(handle, wide, skipSpecialTokens);
  }

  @Override
  public void close() {
    TokenizersLibrary.LIB.deleteTokenizer(handle);
  }
}
