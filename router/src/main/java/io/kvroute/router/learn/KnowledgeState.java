package io.kvroute.router.learn;

import io.kvroute.router.route.EventTrust;
import java.time.Instant;

/**
 * How a replica's cache is known, and since when.
 *
 * @param since when it came to be known so
 */
public record KnowledgeState(Kind kind, Instant since) {

  /** What became of the replica's events. */
  public enum Kind {
    /** It tells none; the model of its cache is believed. */
    OFF("off", EventTrust.NONE),
    /** Nothing was heard of them yet; the model is believed. */
    WAITING("waiting", EventTrust.NONE),
    /** They tell nothing though they should, or cannot be heard; the model is believed. */
    SILENT("silent", EventTrust.NONE),
    /** What it reports contradicts them; the model is believed. */
    DISPUTED("disputed", EventTrust.NONE),
    /** They are believed, and the model for what they do not tell. */
    PARTIAL("partial", EventTrust.PARTIAL),
    /** They are believed. */
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
