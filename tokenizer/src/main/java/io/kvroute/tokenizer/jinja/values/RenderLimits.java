package io.kvroute.tokenizer.jinja.values;

/**
 * The limits of one rendering. Together they bound its time and memory, whatever the template does.
 *
 * @param maxSteps loop iterations, calls and, for long values, each 64 characters or elements read
 * @param maxStackHeight nesting of macros, in levels of the syntax tree; Python's own recursion
 *     limit corresponds to about 2,500
 * @param maxOutputChars length of the result in UTF-16 units
 * @param maxAllocated sum over all intermediate values: 1 for each character of a string, 8 for
 *     each element of a list, 64 for each value made; a rendering holds less than this at any time
 */
public record RenderLimits(
    long maxSteps, int maxStackHeight, int maxOutputChars, long maxAllocated) {

  /** Enough for a conversation of several megabytes. A hostile template fails within a second. */
  public static final RenderLimits DEFAULT =
      new RenderLimits(5_000_000, 2_500, 32 << 20, 96L << 20);

  public RenderLimits {
    if (maxSteps <= 0 || maxStackHeight <= 0 || maxOutputChars <= 0 || maxAllocated <= 0) {
      throw new IllegalArgumentException(
          "limits: "
              + maxSteps
              + ", "
              + maxStackHeight
              + ", "
              + maxOutputChars
              + ", "
              + maxAllocated
              + " (expected: all > 0)");
    }
  }
}
