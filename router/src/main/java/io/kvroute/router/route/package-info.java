/** The decision: look up, pick, reserve, predict in one step. */
@NullMarked
package io.kvroute.router.route;

import org.jspecify.annotations.NullMarked;
