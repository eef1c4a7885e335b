package io.kvroute.router.learn;

/**
 * How one replica's event stream fares.
 *
 * @param lastNumber the newest batch applied, -1 before the first
 * @param gaps how often batches were missed
 */
public record EventStatus(State state, long lastNumber, long gaps) {

  /** How far what is known through events can be trusted; of several ranks, the last counts. */
  public enum State {
    /** All that the engine holds is known. */
    COMPLETE("complete"),
    /** What is known is true, but not all: the rest was told before, or lost. */
    PARTIAL("partial"),
    /** Batches are missing and have been asked for. */
    REPLAYING("replaying"),
    /** Nothing has been heard yet. */
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

  /** Before anything was heard. */
  static final EventStatus SILENT = new EventStatus(State.SILENT, -1, 0);

  /** This rank's and another's together. */
  EventStatus and(EventStatus other) {
    return new EventStatus(
        state.compareTo(other.state) >= 0 ? state : other.state,
        Math.max(lastNumber, other.lastNumber),
        gaps + other.gaps);
  }
}
