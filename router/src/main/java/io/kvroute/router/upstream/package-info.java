/**
 * Connections to replicas: pools, one attempt to have a request answered, and its retry on a new
 * connection.
 */
@NullMarked
package io.kvroute.router.upstream;

import org.jspecify.annotations.NullMarked;
