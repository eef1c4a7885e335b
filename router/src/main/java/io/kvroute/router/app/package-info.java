/** Wires the router: creates all components from the configuration and connects them. */
@NullMarked
package io.kvroute.router.app;

import org.jspecify.annotations.NullMarked;
