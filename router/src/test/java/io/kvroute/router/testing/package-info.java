/** What tests of several packages share. */
@NullMarked
package io.kvroute.router.testing;

import org.jspecify.annotations.NullMarked;
