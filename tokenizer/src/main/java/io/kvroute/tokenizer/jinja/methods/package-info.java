/** The attributes and methods of Python's built-in types, as the immutable sandbox shows them. */
@NullMarked
package io.kvroute.tokenizer.jinja.methods;

import org.jspecify.annotations.NullMarked;
