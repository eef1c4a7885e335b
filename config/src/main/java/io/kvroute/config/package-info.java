/** The typed configuration and where it comes from. */
@NullMarked
package io.kvroute.config;

import org.jspecify.annotations.NullMarked;
