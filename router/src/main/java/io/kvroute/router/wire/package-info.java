/** HTTP/1.1 on the wire: heads, body framing, and which headers a proxy passes on. */
@NullMarked
package io.kvroute.router.wire;

import org.jspecify.annotations.NullMarked;
