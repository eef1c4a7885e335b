/** Decides where a request goes: looks up, picks, reserves and predicts in one step. */
@NullMarked
package io.kvroute.router.route;

import org.jspecify.annotations.NullMarked;
