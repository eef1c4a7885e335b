package io.kvroute.tokenizer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tokenizer class of transformers brings itself.
 *
 * @param pipeline what it puts in the place of {@code tokenizer.json}'s; null if it takes the file
 *     as it is
 * @param specialTokens its special tokens by name, where the files name none
 * @param renewsSpecialTokens whether it gives special tokens that are there already the flags of
 *     plain ones
 */
record TokenizerClass(
    @Nullable JsonNode pipeline, JsonNode specialTokens, boolean renewsSpecialTokens) {}
