/** Syntax tree to executable closures: every name is resolved to a slot before anything runs. */
@NullMarked
package io.kvroute.tokenizer.jinja.compile;

import org.jspecify.annotations.NullMarked;
