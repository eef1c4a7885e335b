/** KV events and hit reports of engines, and what the router learns from them. */
@NullMarked
package io.kvroute.router.learn;

import org.jspecify.annotations.NullMarked;
