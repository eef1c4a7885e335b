/** Template text to tokens, with Jinja's whitespace control. */
@NullMarked
package io.kvroute.tokenizer.jinja.lex;

import org.jspecify.annotations.NullMarked;
