/** Replicas, what is known of them, and immutable snapshots. */
@NullMarked
package io.kvroute.router.fleet;

import org.jspecify.annotations.NullMarked;
