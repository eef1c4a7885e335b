/** The command line. */
@NullMarked
package io.kvroute.router.cli;

import org.jspecify.annotations.NullMarked;
