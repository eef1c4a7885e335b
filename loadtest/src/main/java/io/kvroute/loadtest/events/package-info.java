/** The wire formats of engines' KV events. */
@NullMarked
package io.kvroute.loadtest.events;

import org.jspecify.annotations.NullMarked;
