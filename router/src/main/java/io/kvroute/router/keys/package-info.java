/** Block keys: 64-bit chained hashes that identify prefixes, and how exactly a prompt is known. */
@NullMarked
package io.kvroute.router.keys;

import org.jspecify.annotations.NullMarked;
