/** The load client: sends conversations and measures the times that a user experiences. */
@NullMarked
package io.kvroute.loadtest.client;

import org.jspecify.annotations.NullMarked;
