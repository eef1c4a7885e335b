/** Tokens to a syntax tree. */
@NullMarked
package io.kvroute.tokenizer.jinja.parse;

import org.jspecify.annotations.NullMarked;
