/** Jinja's filters, tests and global functions, by the names that templates use. */
@NullMarked
package io.kvroute.tokenizer.jinja.filters;

import org.jspecify.annotations.NullMarked;
