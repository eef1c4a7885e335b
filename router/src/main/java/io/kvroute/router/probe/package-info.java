/** Probes of replicas: health, models, metrics, sources of KV events; and their tokenizers. */
@NullMarked
package io.kvroute.router.probe;

import org.jspecify.annotations.NullMarked;
