/** The syntax tree of a template, and the error of a template that does not compile. */
@NullMarked
package io.kvroute.tokenizer.jinja.syntax;

import org.jspecify.annotations.NullMarked;
