package io.kvroute.router.learn;

import io.kvroute.router.route.EventTrust;
import java.time.Instant;

/**
 * The source of knowledge of a replica's cache.
 *
 * @param since when it began to be used
 */
public record KnowledgeState(Kind kind, Instant since) {

  /** The state of the replica's events, and whether they or the shadow is used. */
  public enum Kind {
    /** It publishes none; the shadow is used. */
    OFF("off", EventTrust.NONE),
    /** None was received yet; the shadow is used. */
    WAITING("waiting", EventTrust.NONE),
    /** None arrives although some should, or they cannot be received; the shadow is used. */
    SILENT("silent", EventTrust.NONE),
    /** The engine's reports of hits contradict them; the shadow is used. */
    DISPUTED("disputed", EventTrust.NONE),
    /** They are trusted; the shadow is used for blocks stored before. */
    PARTIAL("partial", EventTrust.PARTIAL),
    /** They are trusted; the shadow is not used. */
    COMPLETE("complete", EventTrust.COMPLETE);

    private final String label;
    private final EventTrust trust;

    Kind(String label, EventTrust trust) {
      this.label = label;
      this.trust = trust;
    }

    /** The name used in JSON. */
    public String label() {
      return label;
    }

    EventTrust trust() {
      return trust;
    }
  }
}
