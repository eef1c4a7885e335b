package io.kvroute.tokenizer.jinja.values;

import java.util.function.IntPredicate;

/** Python's tests of the characters of a string: {@code str.isalpha} and the like. */
public final class CharacterClasses {

  private CharacterClasses() {}

  public static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  public static boolean isDecimal(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Decimal digits, and digits such as superscripts. */
  public static boolean isDigit(int c) {
    return isDecimal(c)
        || c == 0xb2
        || c == 0xb3
        || c == 0xb9
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468)
        || (c >= 0x2474 && c <= 0x247c)
        || (c >= 0x2488 && c <= 0x2490)
        || c == 0x24ea
        || (c >= 0x24f5 && c <= 0x24fd)
        || c == 0x24ff
        || (c >= 0x2776 && c <= 0x277e)
        || (c >= 0x2780 && c <= 0x2788)
        || (c >= 0x278a && c <= 0x2792);
  }

  public static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return isDigit(c) || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
  }

  public static boolean isAlphanumeric(int c) {
    return Character.isLetter(c) || isNumeric(c);
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  /** Whether the string is not empty and all its characters pass. */
  public static boolean all(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  public static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  public static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  public static boolean isTitle(String text) {
    boolean previousCased = false;
    boolean any = false;
    for (int c : text.codePoints().toArray()) {
      boolean starts = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (starts ? previousCased : Character.isLowerCase(c) && !previousCased) {
        return false;
      }
      previousCased = isCased(c);
      any |= previousCased;
    }
    return any;
  }

  public static boolean isIdentifier(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return (first == '_' || Character.isUnicodeIdentifierStart(first))
        && text.codePoints()
            .allMatch(
                c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }
}
