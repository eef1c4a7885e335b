/** The load client: sends conversations, measures what a user would feel. */
@NullMarked
package io.kvroute.loadtest.client;

import org.jspecify.annotations.NullMarked;
