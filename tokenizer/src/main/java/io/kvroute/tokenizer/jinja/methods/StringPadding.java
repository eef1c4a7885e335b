package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Map;

/** The methods of strings that pad a string to a width. */
public final class StringPadding {

  private StringPadding() {}

  static void addTo(Map<String, Method.Body> all) {
    Parameters pad = Parameters.positional("pad", 1, 2);
    all.put("ljust", (object, args, render) -> pad(object, pad.bind(args), render, 0));
    all.put("rjust", (object, args, render) -> pad(object, pad.bind(args), render, 2));
    all.put("center", (object, args, render) -> pad(object, pad.bind(args), render, 1));
    Parameters width = Parameters.positional("zfill", 1, 1);
    all.put(
        "zfill",
        (object, args, render) ->
            zeroFill(Types.requireText(object, "self"), width.bind(args).getInt(0, 0), render));
    Parameters tabs = Parameters.of("expandtabs", 0, "tabsize");
    all.put(
        "expandtabs",
        (object, args, render) ->
            expandTabs(Types.requireText(object, "self"), tabs.bind(args).getInt(0, 8), render));
  }

  private static Value pad(Value object, Parameters.Bound args, Render render, int side) {
    String fill = Types.requireText(args.get(1, new Value.Str(" ")), "the fill character");
    if (CodePoints.length(fill) != 1) {
      throw EvaluationException.type("The fill character must be exactly one character long");
    }
    String text = Types.requireText(object, "self");
    int width = args.getInt(0, 0);
    return switch (side) {
      case 0 -> new Value.Str(pad(text, 0, width - CodePoints.length(text), fill, render));
      case 2 -> new Value.Str(pad(text, width - CodePoints.length(text), 0, fill, render));
      default -> new Value.Str(center(text, width, fill, render));
    };
  }

  /**
   * CPython's {@code str.center}: if the padding cannot be split evenly, the extra character goes
   * left where the width is odd.
   */
  public static String center(String text, int width, String fill, Render render) {
    int margin = Math.max(0, width - CodePoints.length(text));
    int left = margin / 2 + (margin & width & 1);
    return pad(text, left, margin - left, fill, render);
  }

  private static String pad(String text, int left, int right, String fill, Render render) {
    int before = Math.max(0, left);
    int after = Math.max(0, right);
    render.allocate((long) text.length() + before + after);
    return fill.repeat(before) + text + fill.repeat(after);
  }

  private static Value zeroFill(String text, int width, Render render) {
    int zeros = Math.max(0, width - CodePoints.length(text));
    render.allocate((long) text.length() + zeros);
    boolean signed = text.startsWith("+") || text.startsWith("-");
    int at = signed ? 1 : 0;
    return new Value.Str(text.substring(0, at) + "0".repeat(zeros) + text.substring(at));
  }

  private static Value expandTabs(String text, int size, Render render) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int spaces = size > 0 ? size - column % size : 0;
        render.allocate(spaces);
        out.append(" ".repeat(spaces));
        column += spaces;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    return render.str(out.toString());
  }
}
