package io.kvroute.config;

/**
 * What the router learns of replicas' caches besides its own decisions.
 *
 * @param kvEvents whose KV events it receives
 * @param usage from where it learns how many tokens an engine reused for a stream
 */
public record Learning(KvEvents kvEvents, UsageLearning usage) {

  static final Learning DEFAULT = new Learning(KvEvents.DISCOVER, UsageLearning.REPORTED);

  static Learning read(Section in) {
    return new Learning(
        in.value("kv-events", DEFAULT.kvEvents, ValueTypes.choice(KvEvents.class)),
        in.value("usage", DEFAULT.usage, ValueTypes.choice(UsageLearning.class)));
  }
}
