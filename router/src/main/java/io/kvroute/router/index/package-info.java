/** Which replica holds which blocks: keys, the radix tree, replica sets. */
@NullMarked
package io.kvroute.router.index;

import org.jspecify.annotations.NullMarked;
