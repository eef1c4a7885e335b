package io.kvroute.tokenizer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a tokenizer class of transformers defines itself.
 *
 * @param pipeline the pipeline that replaces that of {@code tokenizer.json}; null if the class uses
 *     the file as it is
 * @param specialTokens its special tokens by name, used where the files define none
 * @param renewsSpecialTokens whether it adds existing special tokens again with plain flags
 */
record TokenizerClass(
    @Nullable JsonNode pipeline, JsonNode specialTokens, boolean renewsSpecialTokens) {}
