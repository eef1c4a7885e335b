/** Model files from the Hugging Face hub, kept in the cache that all Hugging Face tools share. */
@NullMarked
package io.kvroute.tokenizer.hub;

import org.jspecify.annotations.NullMarked;
