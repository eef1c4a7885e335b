/** The replicas and their state, published as immutable snapshots. */
@NullMarked
package io.kvroute.router.fleet;

import org.jspecify.annotations.NullMarked;
