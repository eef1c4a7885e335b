/** Connections to replicas, the exchange, retry. */
@NullMarked
package io.kvroute.router.upstream;

import org.jspecify.annotations.NullMarked;
