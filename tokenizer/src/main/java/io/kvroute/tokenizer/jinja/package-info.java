/** An interpreter for chat templates: Python's Jinja as transformers runs it, in a closed world. */
@NullMarked
package io.kvroute.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
