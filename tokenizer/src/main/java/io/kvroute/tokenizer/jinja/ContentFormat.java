package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.syntax.Stmt;
import java.util.List;

/** The shape of message contents that a template expects, as vLLM finds it out. */
public enum ContentFormat {
  /** Contents are strings. */
  STRING,
  /** Contents are lists of parts, for the template loops over them. */
  OPENAI;

  /** The format vLLM 0.33 detects ({@code _detect_content_format} in {@code renderers/hf.py}). */
  static ContentFormat of(List<Stmt> template) {
    return ContentLoops.present(template) ? OPENAI : STRING;
  }
}
