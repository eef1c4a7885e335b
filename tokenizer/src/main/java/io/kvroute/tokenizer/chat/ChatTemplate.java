package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.ContentFormat;
import io.kvroute.tokenizer.jinja.Template;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import org.jspecify.annotations.Nullable;

/**
 * A chat template and its compiled form. If the template has a syntax error, it counts as one that
 * expects strings, and fails when it is rendered, as in the engine. Immutable.
 */
final class ChatTemplate {

  private final String text;
  private final @Nullable Template compiled;
  private final String error;
  private final boolean knowsDeveloperRole;

  private ChatTemplate(String text, @Nullable Template compiled, String error) {
    this.text = text;
    this.compiled = compiled;
    this.error = error;
    this.knowsDeveloperRole = DeveloperRole.isKnownTo(text);
  }

  static ChatTemplate compile(String text) {
    try {
      return new ChatTemplate(text, Template.compile(text), "");
    } catch (TemplateException e) {
      return new ChatTemplate(text, null, String.valueOf(e.getMessage()));
    }
  }

  String text() {
    return text;
  }

  ContentFormat contentFormat() {
    return compiled == null ? ContentFormat.STRING : compiled.contentFormat();
  }

  boolean knowsDeveloperRole() {
    return knowsDeveloperRole;
  }

  Template compiled() throws ChatException {
    if (compiled == null) {
      throw new ChatException(Stage.RENDER, "chat template: " + error);
    }
    return compiled;
  }
}
