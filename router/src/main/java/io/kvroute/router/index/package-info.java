/** Which replica holds which blocks: the radix tree and its sets of replicas. */
@NullMarked
package io.kvroute.router.index;

import org.jspecify.annotations.NullMarked;
