package io.kvroute.router.route;

import java.util.List;
import java.util.random.RandomGenerator;

/** The policies by their names. */
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

  static Policy make(RouterOptions options, SessionTable sessions, RandomGenerator random) {
    return switch (options.policy()) {
      case "kv-aware" -> new KvAware(sessions, random);
      case "prefix-hash" -> new PrefixHash(options.prefixHashBlocks(), random);
      case "session" -> new SessionHash(sessions, random);
      case "least-load" -> new LeastLoad(random);
      case "power-of-two" -> new PowerOfTwo(random);
      case "round-robin" -> new RoundRobin();
      case "random" -> new RandomPick(random);
      default ->
          throw new IllegalArgumentException(
              "policy: " + options.policy() + " (expected: one of " + NAMES + ")");
    };
  }
}
