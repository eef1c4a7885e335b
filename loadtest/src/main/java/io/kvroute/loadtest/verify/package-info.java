/** Holds the engine model to recordings of real engines. */
@NullMarked
package io.kvroute.loadtest.verify;

import org.jspecify.annotations.NullMarked;
