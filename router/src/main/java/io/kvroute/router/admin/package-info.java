/** The admin port. */
@NullMarked
package io.kvroute.router.admin;

import org.jspecify.annotations.NullMarked;
