/**
 * The data port: accepts connections, reads requests, and carries each request through its life.
 */
@NullMarked
package io.kvroute.router.http;

import org.jspecify.annotations.NullMarked;
