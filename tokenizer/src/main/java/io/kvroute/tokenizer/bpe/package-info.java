/**
 * Byte-level BPE tokenizers in plain Java: added tokens, normalization, pre-tokenization and merges
 * as the Hugging Face library (tokenizers 0.21) does them, for the tokenizers that {@link
 * io.kvroute.tokenizer.bpe.BpeTokenizer} accepts.
 */
@NullMarked
package io.kvroute.tokenizer.bpe;

import org.jspecify.annotations.NullMarked;
