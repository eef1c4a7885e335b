/** From a scanned request to the keys of its prompt. */
@NullMarked
package io.kvroute.router.prompt;

import org.jspecify.annotations.NullMarked;
