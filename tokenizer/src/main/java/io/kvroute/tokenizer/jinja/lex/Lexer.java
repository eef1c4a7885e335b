package io.kvroute.tokenizer.jinja.lex;

import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags, and applies Jinja's whitespace control as transformers
 * configures it: {@code trim_blocks}, {@code lstrip_blocks} and one trailing newline dropped.
 * {@link TagLexer} splits the inside of a tag.
 *
 * <p>One pass from left to right; costs time linear in the template. State is the position, the
 * line number, and whether the text before the next tag starts a line. Source: {@code
 * jinja2/lexer.py} 3.1. The rules, with {@code ·} for a blank and {@code \n} for a newline:
 *
 * <pre>{@code
 * text\n··{% if x %}\nyes    text\nyes    lstrip_blocks drops the blanks before a block that starts
 *                                        its line; trim_blocks drops the newline after a block
 * ··{{ x }}\n              ··X\n          neither applies to an expression
 * a··{%- if x -%}\n··b     ab             a minus drops all white space on its side
 * ··{%+ if x +%}\n         ··\n           a plus keeps all white space on its side
 * }</pre>
 */
public final class Lexer {

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;

  /** Whether the text before the next tag begins at the start of a line. */
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of the template, ending with one of kind {@link Kind#END}. */
  public static List<Token> tokenize(String source) throws TemplateException {
    String normalized = source.replace("\r\n", "\n").replace('\r', '\n');
    if (normalized.endsWith("\n")) {
      normalized = normalized.substring(0, normalized.length() - 1);
    }
    Lexer lexer = new Lexer(normalized);
    lexer.run();
    return lexer.tokens;
  }

  private void run() throws TemplateException {
    while (position < source.length()) {
      int tag = nextTag(position);
      if (tag < 0) {
        text(source.substring(position));
        position = source.length();
      } else {
        tag(tag);
      }
    }
    tokens.add(Token.of(Kind.END, line, ""));
  }

  private int nextTag(int from) {
    int i = source.indexOf('{', from);
    while (i >= 0 && i + 1 < source.length()) {
      char next = source.charAt(i + 1);
      if (next == '%' || next == '{' || next == '#') {
        return i;
      }
      i = source.indexOf('{', i + 1);
    }
    return -1;
  }

  private void tag(int start) throws TemplateException {
    char type = source.charAt(start + 1);
    char sign = charAt(start + 2);
    textBefore(start, sign, type != '{');
    int afterSign = start + (sign == '-' || sign == '+' ? 3 : 2);
    if (type == '#') {
      comment(afterSign);
    } else if (type == '%') {
      int raw = rawBody(afterSign);
      if (raw >= 0) {
        raw(start, raw);
      } else {
        inside(afterSign, Kind.BLOCK_BEGIN, Kind.BLOCK_END);
      }
    } else {
      inside(afterSign, Kind.VARIABLE_BEGIN, Kind.VARIABLE_END);
    }
  }

  /** Emits the text up to a tag, without the white space that the sign of the tag removes. */
  private void textBefore(int tag, char sign, boolean block) {
    String text = source.substring(position, tag);
    String kept = text;
    if (sign == '-') {
      kept = Whitespace.stripEnd(text);
    } else if (sign != '+' && block) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || lineStarting) && Whitespace.skip(text, lineStart) == text.length()) {
        kept = text.substring(0, lineStart);
      }
    }
    if (!kept.isEmpty()) {
      tokens.add(Token.of(Kind.DATA, line, kept));
    }
    moveTo(tag);
  }

  private void text(String text) {
    tokens.add(Token.of(Kind.DATA, line, text));
  }

  private void comment(int body) throws TemplateException {
    int end = source.indexOf("#}", body);
    if (end < 0) {
      throw new TemplateException(line, "missing end of comment tag");
    }
    char sign = end > body ? source.charAt(end - 1) : ' ';
    finishTag(afterTag(end + 2, sign, true));
  }

  /** The start of the content if the tag opens a raw block, else -1. */
  private int rawBody(int start) {
    int name = Whitespace.skip(source, start);
    if (!source.startsWith("raw", name)) {
      return -1;
    }
    int end = Whitespace.skip(source, name + 3);
    if (source.startsWith("-%}", end)) {
      return Whitespace.skip(source, end + 3);
    }
    return source.startsWith("%}", end) ? end + 2 : -1;
  }

  private void raw(int tag, int body) throws TemplateException {
    moveTo(body);
    lineStarting = source.charAt(body - 1) == '\n';
    for (int i = source.indexOf("{%", body); i >= 0; i = source.indexOf("{%", i + 1)) {
      char sign = charAt(i + 2);
      int name = Whitespace.skip(source, sign == '-' || sign == '+' ? i + 3 : i + 2);
      int end = Whitespace.skip(source, name + 6);
      char endSign = charAt(end);
      int close = endSign == '-' || endSign == '+' ? end + 1 : end;
      if (source.startsWith("endraw", name) && source.startsWith("%}", close)) {
        textBefore(i, sign, true);
        finishTag(afterTag(close + 2, endSign, true));
        return;
      }
    }
    throw new TemplateException(lineOf(tag), "missing end of raw directive");
  }

  private void inside(int start, Kind begin, Kind end) throws TemplateException {
    tokens.add(Token.of(begin, line, ""));
    TagLexer tag = new TagLexer(source, start, line, end == Kind.BLOCK_END ? "%}" : "}}");
    int close = tag.run(tokens);
    moveTo(close);
    tokens.add(Token.of(end, line, ""));
    char sign = source.charAt(close);
    boolean signed = sign == '-' || sign == '+';
    finishTag(afterTag(close + (signed ? 3 : 2), signed ? sign : ' ', end == Kind.BLOCK_END));
  }

  /** Where the text continues after a tag that ends at {@code end}. */
  private int afterTag(int end, char sign, boolean trimNewline) {
    if (sign == '-') {
      return Whitespace.skip(source, end);
    }
    return trimNewline && sign != '+' && charAt(end) == '\n' ? end + 1 : end;
  }

  private void finishTag(int next) {
    moveTo(next);
    lineStarting = source.charAt(next - 1) == '\n';
  }

  private void moveTo(int next) {
    line += newlines(position, next);
    position = next;
  }

  private int lineOf(int index) {
    return 1 + newlines(0, index);
  }

  private int newlines(int from, int to) {
    int count = 0;
    for (int i = source.indexOf('\n', from, to); i >= 0; i = source.indexOf('\n', i + 1, to)) {
      count++;
    }
    return count;
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }
}
