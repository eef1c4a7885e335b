package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.syntax.Stmt;
import java.util.List;

/** The form in which a template expects message contents, detected as vLLM detects it. */
public enum ContentFormat {
  /** Contents are strings. */
  STRING,
  /** Contents are lists of parts: the template loops over them. */
  OPENAI;

  /**
   * Detects the format as vLLM 0.33 does ({@code _detect_content_format} in {@code
   * renderers/hf.py}).
   */
  static ContentFormat of(List<Stmt> template) {
    return ContentLoops.present(template) ? OPENAI : STRING;
  }
}
