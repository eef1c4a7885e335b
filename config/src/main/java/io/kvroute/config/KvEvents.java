package io.kvroute.config;

/** Whose KV events are heard. */
public enum KvEvents {
  /** Those of every engine that says where, or that can be polled for them. */
  DISCOVER,
  /** Only those of replicas with {@code kv-events}. */
  CONFIGURED
}
