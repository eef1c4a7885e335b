/** A model of an engine's block manager, kept for each replica. */
@NullMarked
package io.kvroute.router.shadow;

import org.jspecify.annotations.NullMarked;
