/** The OpenAI API: scans requests, shapes errors, and reads responses while they are forwarded. */
@NullMarked
package io.kvroute.router.openai;

import org.jspecify.annotations.NullMarked;
