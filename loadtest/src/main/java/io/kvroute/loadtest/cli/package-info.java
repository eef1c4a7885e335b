/** The commands of {@code bin/kvroute-loadtest}. */
@NullMarked
package io.kvroute.loadtest.cli;

import org.jspecify.annotations.NullMarked;
