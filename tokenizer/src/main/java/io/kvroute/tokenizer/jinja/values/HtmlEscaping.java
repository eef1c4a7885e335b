package io.kvroute.tokenizer.jinja.values;

/**
 * Escapes HTML for the few places that do: the filter {@code escape}, and what is joined to a safe
 * string.
 */
public final class HtmlEscaping {

  private HtmlEscaping() {}

  public static String escape(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      String entity =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> "";
          };
      if (!entity.isEmpty() && out == null) {
        out = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (out != null) {
        if (entity.isEmpty()) {
          out.append(text.charAt(i));
        } else {
          out.append(entity);
        }
      }
    }
    return out == null ? text : out.toString();
  }

  /** The text of a string, escaped unless the string is safe. */
  public static String escaped(Value string) {
    return string instanceof Value.Markup markup
        ? markup.value()
        : escape(((Value.Str) string).value());
  }

  /** The text of any value, escaped unless it is a safe string: MarkupSafe's {@code escape}. */
  public static Value.Markup escape(Value value, Render render) {
    if (value instanceof Value.Markup markup) {
      return markup;
    }
    String text = escape(Repr.str(value, render));
    render.allocate(text.length());
    return new Value.Markup(text);
  }
}
