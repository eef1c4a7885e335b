/** Health, engine discovery and fleet discovery. */
@NullMarked
package io.kvroute.router.probe;

import org.jspecify.annotations.NullMarked;
