package io.kvroute.router.route;

/**
 * Whether a replica's engine makes progress, as far as requests show.
 *
 * @param reason what speaks against the engine, empty while it is well
 */
public record Health(State state, String reason) {

  /** Nothing speaks against the engine. */
  public static final Health WELL = new Health(State.WELL, "");

  /** How far the engine is trusted. */
  public enum State {
    WELL("well"),
    /** One request has failed, and none has succeeded since. */
    SUSPECT("suspect"),
    /** It is out of rotation: one request at a time tries it. */
    OUT("out");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /** The name used in JSON. */
    public String label() {
      return label;
    }
  }
}
