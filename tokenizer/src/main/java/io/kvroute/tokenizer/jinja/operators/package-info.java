/** Python's operators, slicing and sorting. */
@NullMarked
package io.kvroute.tokenizer.jinja.operators;

import org.jspecify.annotations.NullMarked;
