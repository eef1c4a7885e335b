/** Checks the code of all modules against the package tables of ARCHITECTURE.md. */
@NullMarked
package io.kvroute.loadtest.architecture;

import org.jspecify.annotations.NullMarked;
