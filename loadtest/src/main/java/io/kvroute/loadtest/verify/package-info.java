/** Compares the engine model with recordings of real engines. */
@NullMarked
package io.kvroute.loadtest.verify;

import org.jspecify.annotations.NullMarked;
