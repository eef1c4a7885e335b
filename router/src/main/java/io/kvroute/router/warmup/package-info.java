/** An engine and clients of our own, so that a new process compiles its code before it serves. */
@NullMarked
package io.kvroute.router.warmup;

import org.jspecify.annotations.NullMarked;
