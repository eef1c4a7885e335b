package io.kvroute.config;

/** Which replicas' KV events the router receives. */
public enum KvEvents {
  /** Those of every engine that reports where it publishes them, or that can be polled. */
  DISCOVER,
  /** Only those of replicas with {@code kv-events}. */
  CONFIGURED
}
