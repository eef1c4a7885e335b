/** Python's text formatting: the operator {@code %}, format specifications and {@code strftime}. */
@NullMarked
package io.kvroute.tokenizer.jinja.format;

import org.jspecify.annotations.NullMarked;
