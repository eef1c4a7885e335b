/**
 * Validates and normalizes chat requests as the engine does, up to the variables of the template.
 */
@NullMarked
package io.kvroute.tokenizer.chat;

import org.jspecify.annotations.NullMarked;
