/** The access log: one line for each request, written by a thread of its own. */
@NullMarked
package io.kvroute.router.accesslog;

import org.jspecify.annotations.NullMarked;
