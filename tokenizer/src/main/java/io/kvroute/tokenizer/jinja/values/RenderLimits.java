package io.kvroute.tokenizer.jinja.values;

/**
 * What one rendering may use. Together these bound its time and memory, whatever the template does.
 *
 * @param maxSteps loop turns, calls and, for long values, each 64 characters or elements looked at
 * @param maxStackHeight nesting of macros, in levels of the syntax tree they execute; Python's own
 *     recursion limit corresponds to about 2,500
 * @param maxOutputChars UTF-16 units of the result
 * @param maxAllocated characters of all intermediate strings added up, with 8 for each element of a
 *     list and 64 for each value made; what a rendering holds at any time is less
 */
public record RenderLimits(
    long maxSteps, int maxStackHeight, int maxOutputChars, long maxAllocated) {

  /** Enough for a conversation of several megabytes; a hostile template ends within a second. */
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
