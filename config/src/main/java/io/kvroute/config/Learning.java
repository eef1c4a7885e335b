package io.kvroute.config;

/**
 * What the router learns of replicas' caches, beyond what it routes.
 *
 * @param kvEvents whose KV events are heard
 * @param usage where it learns what engines reused for streams
 */
public record Learning(KvEvents kvEvents, UsageLearning usage) {

  static final Learning DEFAULT = new Learning(KvEvents.DISCOVER, UsageLearning.REPORTED);

  static Learning read(Section in) {
    return new Learning(
        in.value("kv-events", DEFAULT.kvEvents, ValueTypes.choice(KvEvents.class)),
        in.value("usage", DEFAULT.usage, ValueTypes.choice(UsageLearning.class)));
  }
}
