/**
 * HTTP/1.1 on the wire: message heads, body framing, and which headers a proxy passes on. Netty's
 * buffers are all it uses.
 */
@NullMarked
package io.kvroute.router.wire;

import org.jspecify.annotations.NullMarked;
