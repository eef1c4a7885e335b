package io.kvroute.config;

/**
 * How engines' reports are used.
 *
 * @param usage where usage comes from
 */
public record LearnConfig(Usage usage) {

  /** Where an answer's usage comes from. */
  public enum Usage {
    /** From answers whose client asked for it; requests are forwarded as they came. */
    OBSERVE,
    /** Streams are asked for it too, and the extra chunk is taken out again. */
    INJECT
  }

  static final LearnConfig DEFAULT = new LearnConfig(Usage.OBSERVE);

  static LearnConfig read(Section in) {
    return new LearnConfig(in.value("usage", DEFAULT.usage, ValueTypes.choice(Usage.class)));
  }
}
