package io.kvroute.router.learn;

import io.kvroute.router.index.Presence;
import org.jspecify.annotations.Nullable;

/** Which memory of an engine holds a block, the nearest to the GPU first. */
public enum Tier {
  GPU(Presence.GPU, 0x9e3779b97f4a7c15L),
  HOST(Presence.HOST, 0xc2b2ae3d27d4eb4fL),
  DISK(Presence.DISK, 0x165667b19e3779f9L);

  private final Presence presence;
  private final long salt;

  Tier(Presence presence, long salt) {
    this.presence = presence;
    this.salt = salt;
  }

  /** Makes equal keys of different tiers differ. */
  long salted(long key) {
    return key ^ salt;
  }

  /** The mark that a block of this tier gets in the index. */
  Presence presence() {
    return presence;
  }

  /** The tier that vLLM calls {@code medium}. Engines before 0.10.2 name none and mean the GPU. */
  static Tier ofMedium(@Nullable String medium) {
    return switch (medium) {
      case null -> GPU;
      case "GPU" -> GPU;
      case "CPU" -> HOST;
      default -> DISK;
    };
  }
}
