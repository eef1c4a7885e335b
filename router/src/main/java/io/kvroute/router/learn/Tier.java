package io.kvroute.router.learn;

import io.kvroute.router.index.Presence;
import org.jspecify.annotations.Nullable;

/** Where in an engine a block lies. */
public enum Tier {
  GPU(Presence.GPU, 0x9e3779b97f4a7c15L),
  HOST(Presence.HOST, 0xc2b2ae3d27d4eb4fL),
  DISK(Presence.DISK, 0x165667b19e3779f9L);

  private final Presence claim;
  private final long salt;

  Tier(Presence claim, long salt) {
    this.claim = claim;
    this.salt = salt;
  }

  /** Sets names of this tier apart from equal ones of another. */
  long salted(long name) {
    return name ^ salt;
  }

  Presence claim() {
    return claim;
  }

  /** The tier that vLLM calls {@code medium}; engines before 0.10.2 name none and mean the GPU. */
  static Tier ofMedium(@Nullable String medium) {
    return switch (medium) {
      case null -> GPU;
      case "GPU" -> GPU;
      case "CPU" -> HOST;
      default -> DISK;
    };
  }
}
