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
    OFF("off", EventTrust.NONE, "the router does not receive them and predicts the cache"),
    /** None was received yet; the shadow is used. */
    WAITING("waiting", EventTrust.NONE, "none was received yet, and the router predicts the cache"),
    /** None arrives although some should, or they cannot be received; the shadow is used. */
    SILENT(
        "silent",
        EventTrust.NONE,
        "none arrives although some should, and the router predicts the cache"),
    /** The engine's reports of hits contradict them; the shadow is used. */
    DISPUTED(
        "disputed",
        EventTrust.NONE,
        "the engine's reported cache hits contradict them, and the router predicts the cache"),
    /** They are trusted; the shadow is used for blocks stored before. */
    PARTIAL(
        "partial", EventTrust.PARTIAL, "some are missing, and the router also predicts the cache"),
    /** They are trusted; the shadow is not used. */
    COMPLETE("complete", EventTrust.COMPLETE, "they describe the whole cache");

    private final String label;
    private final EventTrust trust;
    private final String meaning;

    Kind(String label, EventTrust trust, String meaning) {
      this.label = label;
      this.trust = trust;
      this.meaning = meaning;
    }

    /** The name used in JSON. */
    public String label() {
      return label;
    }

    EventTrust trust() {
      return trust;
    }

    /** What the state means for the router, for log messages. */
    String meaning() {
      return meaning;
    }
  }
}
