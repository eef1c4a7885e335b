/** What keeps long-lived tasks alive through faults. */
@NullMarked
package io.kvroute.router.guard;

import org.jspecify.annotations.NullMarked;
