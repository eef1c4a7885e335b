/**
 * Downloads model files from the Hugging Face hub into the cache that all Hugging Face tools share.
 */
@NullMarked
package io.kvroute.tokenizer.hub;

import org.jspecify.annotations.NullMarked;
