package io.kvroute.tokenizer.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model on the hub, at one of its revisions.
 *
 * @param name {@code OWNER/NAME}, or {@code NAME} for the hub's oldest models
 * @param revision a branch, a tag or a commit
 */
public record ModelId(String name, String revision) {

  private static final String DEFAULT_REVISION = "main";
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}(/[A-Za-z0-9][\\w.-]{0,95})?");
  private static final Pattern REVISION = Pattern.compile("[\\w][\\w./-]{0,254}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** Parses {@code NAME} or {@code NAME@REVISION}; null if the text is neither. */
  public static @Nullable ModelId parse(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    String revision = at < 0 ? DEFAULT_REVISION : text.substring(at + 1);
    boolean valid =
        NAME.matcher(name).matches()
            && !name.contains("--")
            && !name.contains("..")
            && REVISION.matcher(revision).matches()
            && !revision.contains("..")
            && !revision.contains("//");
    return valid ? new ModelId(name, revision) : null;
  }

  /** Whether the revision is a commit. The files of a commit never change. */
  boolean isPinned() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }
}
