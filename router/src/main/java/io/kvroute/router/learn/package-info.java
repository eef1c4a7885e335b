/** What engines report, and the corrections that follow. */
@NullMarked
package io.kvroute.router.learn;

import org.jspecify.annotations.NullMarked;
