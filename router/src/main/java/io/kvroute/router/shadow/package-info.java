/** A model of an engine's prefix cache, one for each replica. */
@NullMarked
package io.kvroute.router.shadow;

import org.jspecify.annotations.NullMarked;
