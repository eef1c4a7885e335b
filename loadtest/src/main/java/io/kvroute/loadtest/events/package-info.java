/** KV events as engines put them on the wire. */
@NullMarked
package io.kvroute.loadtest.events;

import org.jspecify.annotations.NullMarked;
