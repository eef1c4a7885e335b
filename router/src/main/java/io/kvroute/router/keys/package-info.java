/** Block keys: the 64-bit chained hashes that name prefixes, and how exactly a prompt is known. */
@NullMarked
package io.kvroute.router.keys;

import org.jspecify.annotations.NullMarked;
