/** Conversations to send, made from a seed. */
@NullMarked
package io.kvroute.loadtest.workload;

import org.jspecify.annotations.NullMarked;
