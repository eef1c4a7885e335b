/** The data port: listeners, framing, limits, the life of a request. */
@NullMarked
package io.kvroute.router.http;

import org.jspecify.annotations.NullMarked;
