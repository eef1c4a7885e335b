package io.kvroute.tokenizer.bpe;

/** A tokenizer has a part that {@link BpeTokenizer} does not know; the message says which. */
public final class UnsupportedTokenizerException extends Exception {

  private static final long serialVersionUID = 1;

  UnsupportedTokenizerException(String message) {
    super(message);
  }
}
