package io.kvroute.router.learn;

/**
 * The state of one replica's event stream.
 *
 * @param lastNumber the newest batch applied, -1 before the first
 * @param gaps how often batches were missed
 */
public record EventStatus(State state, long lastNumber, long gaps) {

  /** How complete the view is. Of several ranks the one listed last here counts. */
  public enum State {
    /** All blocks that the engine holds are known. */
    COMPLETE("complete"),
    /** The known blocks are right, but earlier or lost batches are missing. */
    PARTIAL("partial"),
    /** Batches are missing, and a replay of them was requested. */
    REPLAYING("replaying"),
    /** No batch was received yet. */
    SILENT("silent");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** The name used in JSON. */
    public String label() {
      return label;
    }
  }

  /** The state before the first batch. */
  static final EventStatus SILENT = new EventStatus(State.SILENT, -1, 0);

  /** The combined state of this rank and another. */
  EventStatus combinedWith(EventStatus other) {
    return new EventStatus(
        state.compareTo(other.state) >= 0 ? state : other.state,
        Math.max(lastNumber, other.lastNumber),
        gaps + other.gaps);
  }
}
