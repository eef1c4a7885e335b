package io.kvroute.router.route;

import java.util.List;

/** The policies by name. */
public final class Policies {

  /** All names, the default first. */
  public static final List<String> NAMES =
      List.of(
          "kv-aware",
          "prefix-hash",
          "session",
          "least-load",
          "power-of-two",
          "round-robin",
          "random");

  private Policies() {}

  /** Whether the policy needs a prompt's content, not only its length. */
  public static boolean readsPrompts(String policy) {
    return policy.equals("kv-aware") || policy.equals("prefix-hash");
  }

  /** Creates the policy that the options name, for one model. */
  static Policy create(RouterOptions options) {
    return switch (options.policy()) {
      case "kv-aware" -> new KvAware();
      case "prefix-hash" ->
          new PrefixHash(options.prefixHashBlocks(), options.prefixHashLoadFactor());
      case "session" -> new SessionHash();
      case "least-load" -> new LeastLoad();
      case "power-of-two" -> new PowerOfTwo();
      case "round-robin" -> new RoundRobin();
      default -> new RandomPick();
    };
  }
}
