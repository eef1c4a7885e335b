/** Request scan, error shapes and the tap on answers. */
@NullMarked
package io.kvroute.router.openai;

import org.jspecify.annotations.NullMarked;
