/** Python values as templates see them, and the state and limits of one rendering. */
@NullMarked
package io.kvroute.tokenizer.jinja.values;

import org.jspecify.annotations.NullMarked;
