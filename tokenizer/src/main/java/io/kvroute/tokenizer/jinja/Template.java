package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.compile.StatementCompiler;
import io.kvroute.tokenizer.jinja.parse.StatementParser;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A compiled chat template. Renders as Jinja 3.1 does in the immutable sandbox of transformers 5
 * ({@code utils/chat_template_utils.py}). Immutable: any number of threads may render it at once.
 */
public final class Template {

  private final StatementCompiler.Program program;
  private final ContentFormat contentFormat;

  private Template(StatementCompiler.Program program, ContentFormat contentFormat) {
    this.program = program;
    this.contentFormat = contentFormat;
  }

  /**
   * Compiles a template with the settings of transformers: {@code trim_blocks}, {@code
   * lstrip_blocks}, and the last newline dropped.
   *
   * @throws TemplateException if it has a syntax error or names an unknown filter or test
   */
  public static Template compile(String source) throws TemplateException {
    List<Stmt> statements = StatementParser.parse(source);
    return new Template(StatementCompiler.compile(statements), ContentFormat.of(statements));
  }

  /**
   * Renders the template.
   *
   * @param variables the values of the names that the template reads; not changed
   * @param clock the time and zone that {@code strftime_now} shows
   * @throws RaisedByTemplateException if the template calls {@code raise_exception}
   * @throws RenderLimitException if it exceeds a limit or uses something unsupported
   * @throws RenderException if it fails otherwise, as it would in Python
   */
  public String render(Map<String, Value> variables, RenderLimits limits, Clock clock)
      throws RenderException {
    Render render = new Render(variables, limits, clock);
    try {
      program.statement().run(render, program.layout().newFrame(null));
      return render.output();
    } catch (EvaluationException failure) {
      throw exception(failure, render.line());
    } catch (StackOverflowError e) {
      // The height limit assumes a stack of the default size. A thread with a smaller stack
      // overflows
      // first and must report the same error.
      throw new RenderLimitException(render.line(), "nested too deeply for this thread's stack");
    }
  }

  private static RenderException exception(EvaluationException failure, int line) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case ERROR -> new RenderException(line, message);
      case RAISED -> new RaisedByTemplateException(line, message);
      case LIMIT -> new RenderLimitException(line, message);
    };
  }

  /**
   * The names that the template reads without assigning them first: Jinja's {@code
   * meta.find_undeclared_variables}.
   */
  public Set<String> undeclaredVariables() {
    return program.undeclared();
  }

  /** The form in which the engine passes message contents to this template. */
  public ContentFormat contentFormat() {
    return contentFormat;
  }
}
