/** Wiring. */
@NullMarked
package io.kvroute.router.app;

import org.jspecify.annotations.NullMarked;
