/**
 * An interpreter for chat templates: Jinja as transformers runs it in Python, without access to
 * Java.
 */
@NullMarked
package io.kvroute.tokenizer.jinja;

import org.jspecify.annotations.NullMarked;
