/** How policies fare in scenarios, over many seeds, as one table. */
@NullMarked
package io.kvroute.loadtest.compare;

import org.jspecify.annotations.NullMarked;
