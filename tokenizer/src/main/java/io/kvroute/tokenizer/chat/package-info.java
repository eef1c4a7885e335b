/** The engine's own normalisation of a chat request, up to the variables its template sees. */
@NullMarked
package io.kvroute.tokenizer.chat;

import org.jspecify.annotations.NullMarked;
