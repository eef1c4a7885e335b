package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;

/**
 * What a replica does wrong on purpose.
 *
 * @param refuse every connection is reset at its first request, but for /control
 * @param hang requests are read and never answered, but for /control
 * @param delayMillis generation requests are taken up this much later
 * @param status generation requests are answered with this error; 0 for none
 * @param dieAfterChunks streams are cut by a reset after so many events; -1 for never
 * @param tokenize what happens to {@code /tokenize}
 * @param times how many generation requests these apply to, after which all is well; -1 for all
 */
public record Faults(
    boolean refuse,
    boolean hang,
    int delayMillis,
    int status,
    int dieAfterChunks,
    OfTokenize tokenize,
    int times) {

  /** What {@code /tokenize} does wrong. */
  public enum OfTokenize {
    NOTHING,
    /** It never answers. */
    SILENT,
    /** The engine has no such endpoint. */
    MISSING,
    /** It answers something else. */
    GARBAGE
  }

  /** No faults. */
  public static final Faults NONE = new Faults(false, false, 0, 0, -1, OfTokenize.NOTHING, -1);

  public Faults {
    if (delayMillis < 0) {
      throw new IllegalArgumentException("delayMillis: " + delayMillis + " (expected: >= 0)");
    }
    if (status != 0 && (status < 400 || status > 599)) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400..599, or 0)");
    }
    if (times == 0 || times < -1) {
      throw new IllegalArgumentException("times: " + times + " (expected: >= 1, or -1)");
    }
  }

  /** The same, with this done to {@code /tokenize}. */
  public Faults withTokenize(OfTokenize fault) {
    return new Faults(refuse, hang, delayMillis, status, dieAfterChunks, fault, times);
  }

  /** What is left after one more request; null if that was the last. */
  @Nullable Faults used() {
    if (times < 0) {
      return this;
    }
    return times == 1
        ? null
        : new Faults(refuse, hang, delayMillis, status, dieAfterChunks, tokenize, times - 1);
  }
}
