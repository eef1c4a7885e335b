/** Computes the token ids that an engine computes for a request. */
@NullMarked
package io.kvroute.tokenizer;

import org.jspecify.annotations.NullMarked;
