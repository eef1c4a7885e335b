/**
 * The admin port: health, metrics, the state of replicas, and explanations of routing decisions.
 */
@NullMarked
package io.kvroute.router.admin;

import org.jspecify.annotations.NullMarked;
