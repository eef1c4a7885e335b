/** Compares policies over scenarios and seeds, and prints one table. */
@NullMarked
package io.kvroute.loadtest.compare;

import org.jspecify.annotations.NullMarked;
