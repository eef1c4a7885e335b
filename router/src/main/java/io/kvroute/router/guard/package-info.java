/** Keeps long-lived tasks running through unexpected exceptions. */
@NullMarked
package io.kvroute.router.guard;

import org.jspecify.annotations.NullMarked;
