package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;

/**
 * The faults that a replica injects.
 *
 * @param refuse reset every connection at its first request, except for /control
 * @param hang read requests and never answer them, except for /control
 * @param delayMillis delay of generation requests
 * @param status answer generation requests with this error status; 0 for none
 * @param dieAfterChunks reset a stream's connection after so many events; -1 for never
 * @param tokenize fault of {@code /tokenize}
 * @param times number of generation requests to which the faults apply; -1 for all
 */
public record Faults(
    boolean refuse,
    boolean hang,
    int delayMillis,
    int status,
    int dieAfterChunks,
    OfTokenize tokenize,
    int times) {

  /** Faults of {@code /tokenize}. */
  public enum OfTokenize {
    NOTHING,
    /** Never answers. */
    SILENT,
    /** The engine has no such endpoint. */
    MISSING,
    /** Answers with other JSON. */
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

  /** The same faults with this fault of {@code /tokenize}. */
  public Faults withTokenize(OfTokenize fault) {
    return new Faults(refuse, hang, delayMillis, status, dieAfterChunks, fault, times);
  }

  /** The faults that remain after one more request; null if that was the last one. */
  @Nullable Faults used() {
    if (times < 0) {
      return this;
    }
    return times == 1
        ? null
        : new Faults(refuse, hang, delayMillis, status, dieAfterChunks, tokenize, times - 1);
  }
}
