/** Computes the block keys of a request's prompt. */
@NullMarked
package io.kvroute.router.prompt;

import org.jspecify.annotations.NullMarked;
