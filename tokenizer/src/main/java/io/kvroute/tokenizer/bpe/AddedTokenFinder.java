package io.kvroute.tokenizer.bpe;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds added tokens in a text as the Hugging Face library does: from left to right, and the
 * longest of those that start at the same position. Immutable.
 *
 * <p>Layout: a table indexed by first character, with a trie below each entry. Cost: one table
 * look-up per character of text; if all tokens start with the same character, as in most models,
 * {@code String.indexOf} skips to it. Example with the tokens {@code <s>} and {@code <s>x}:
 *
 * <pre>{@code
 * table['<'] -> s -> > (token 0) -> x (token 1)
 * find("ab<s>xy", 0)   start 2, token 1: the longer one
 * find("ab<s>xy", 3)   none
 * }</pre>
 */
public final class AddedTokenFinder {

  private static final class Node {
    private char[] labels = {};
    private Node[] children = {};
    private int token = -1;

    private @Nullable Node child(char label) {
      int at = Arrays.binarySearch(labels, label);
      return at < 0 ? null : children[at];
    }

    private Node childOrNew(char label) {
      int at = Arrays.binarySearch(labels, label);
      if (at >= 0) {
        return children[at];
      }
      int insertion = -at - 1;
      char[] moreLabels = Arrays.copyOf(labels, labels.length + 1);
      Node[] moreChildren = Arrays.copyOf(children, children.length + 1);
      System.arraycopy(labels, insertion, moreLabels, insertion + 1, labels.length - insertion);
      System.arraycopy(
          children, insertion, moreChildren, insertion + 1, children.length - insertion);
      moreLabels[insertion] = label;
      moreChildren[insertion] = new Node();
      labels = moreLabels;
      children = moreChildren;
      return children[insertion];
    }
  }

  private static final long NONE = -1;

  private static final int SEVERAL = -1;

  private final @Nullable Node[] byFirstChar;

  /** The first character that all tokens share, or {@link #SEVERAL}. */
  private final int onlyFirstChar;

  private final List<AddedToken> tokens;
  private final int longestToken;

  public AddedTokenFinder(List<AddedToken> tokens) {
    this.tokens = List.copyOf(tokens);
    int size = 0;
    int longest = 0;
    for (AddedToken token : tokens) {
      longest = Math.max(longest, token.content().length());
      size = Math.max(size, token.content().charAt(0) + 1);
    }
    longestToken = longest;
    byFirstChar = new Node[size];
    for (int i = 0; i < this.tokens.size(); i++) {
      add(this.tokens.get(i).content(), i);
    }
    long firstChars = tokens.stream().map(token -> token.content().charAt(0)).distinct().count();
    onlyFirstChar = firstChars == 1 ? tokens.getFirst().content().charAt(0) : SEVERAL;
  }

  private void add(String content, int token) {
    Node node = byFirstChar[content.charAt(0)];
    if (node == null) {
      node = new Node();
      byFirstChar[content.charAt(0)] = node;
    }
    for (int i = 1; i < content.length(); i++) {
      node = node.childOrNew(content.charAt(i));
    }
    if (node.token < 0) {
      node.token = token;
    }
  }

  /** The first match at or after {@code from}, packed as start and token; see {@link #isNone}. */
  public long find(String text, int from) {
    for (int start = candidate(text, from); start >= 0; start = candidate(text, start + 1)) {
      Node node = byFirstChar[text.charAt(start)];
      int token = node == null ? -1 : longestAt(node, text, start + 1);
      if (token >= 0) {
        return ((long) start << 32) | token;
      }
    }
    return NONE;
  }

  /** The next position where a token may start; -1 if there is none. */
  private int candidate(String text, int from) {
    if (onlyFirstChar != SEVERAL) {
      return text.indexOf(onlyFirstChar, from);
    }
    @Nullable Node[] table = byFirstChar;
    for (int start = from; start < text.length(); start++) {
      char first = text.charAt(start);
      if (first < table.length && table[first] != null) {
        return start;
      }
    }
    return -1;
  }

  private static int longestAt(Node first, String text, int next) {
    int longest = first.token;
    Node node = first;
    for (int i = next; i < text.length(); i++) {
      node = node.child(text.charAt(i));
      if (node == null) {
        break;
      }
      if (node.token >= 0) {
        longest = node.token;
      }
    }
    return longest;
  }

  public static boolean isNone(long match) {
    return match == NONE;
  }

  public static int start(long match) {
    return (int) (match >>> 32);
  }

  /** The token of a match, as an index into the list passed to the constructor. */
  public static int index(long match) {
    return (int) match;
  }

  /** The length of the longest token, in UTF-16 units. */
  public int longestToken() {
    return longestToken;
  }

  public AddedToken token(int index) {
    return tokens.get(index);
  }
}
