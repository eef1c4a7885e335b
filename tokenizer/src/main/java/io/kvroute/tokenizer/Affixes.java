package io.kvroute.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ids that a tokenizer puts before and after a text when it adds special tokens. */
record Affixes(IdList before, IdList after) {

  /** An immutable list of ids. */
  static final class IdList {
    private final int[] ids;

    IdList(int[] ids) {
      this.ids = ids;
    }

    int[] raw() {
      return ids;
    }
  }

  private static final String[] PROBES = {"a", "Some text, 12 words long."};

  /**
   * Determines the affixes by encoding sample texts with and without special tokens; null if they
   * depend on the text.
   */
  static @Nullable Affixes of(LibraryTokenizer tokenizer) {
    Affixes found = null;
    for (String probe : PROBES) {
      Affixes next = around(tokenizer.encode(probe, false), tokenizer.encode(probe, true));
      if (next == null || (found != null && !found.sameAs(next))) {
        return null;
      }
      found = next;
    }
    return found;
  }

  private static @Nullable Affixes around(int[] plain, int[] full) {
    for (int start = 0; start + plain.length <= full.length; start++) {
      if (Arrays.equals(full, start, start + plain.length, plain, 0, plain.length)) {
        return new Affixes(
            new IdList(Arrays.copyOf(full, start)),
            new IdList(Arrays.copyOfRange(full, start + plain.length, full.length)));
      }
    }
    return null;
  }

  private boolean sameAs(Affixes other) {
    return Arrays.equals(before.raw(), other.before.raw())
        && Arrays.equals(after.raw(), other.after.raw());
  }
}
