package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles {@code continue_final_message}: the rendering must end with the text of the last message.
 * A tag appended to that text before rendering marks the place to cut (transformers 5.23, {@code
 * render_jinja_template}).
 */
final class FinalMessage {

  private static final String TAG = "CONTINUE_FINAL_MESSAGE_TAG ";
  private static final String BARE_TAG = "CONTINUE_FINAL_MESSAGE_TAG";

  private final List<Value.Dict> tagged;
  private final String text;

  private FinalMessage(List<Value.Dict> tagged, String text) {
    this.tagged = tagged;
    this.text = text;
  }

  static FinalMessage tag(List<Value.Dict> conversation, String template) throws ChatException {
    Value.Dict last = conversation.getLast();
    Value content = Dicts.present(last, "content");
    if (content == null) {
      throw refused("the final message has no content");
    }
    if (!template.contains("content")) {
      throw refused("the chat template does not read content");
    }
    List<Value.Dict> tagged = new ArrayList<>(conversation);
    if (content instanceof Value.Str text) {
      replaceLast(tagged, new Value.Str(text.value() + TAG));
      return new FinalMessage(tagged, text.value());
    }
    if (content instanceof Value.ListOf parts) {
      for (int i = parts.items().size() - 1; i >= 0; i--) {
        if (parts.items().get(i) instanceof Value.Dict part && Dicts.get(part, "text") != null) {
          if (!(Dicts.get(part, "text") instanceof Value.Str text)) {
            throw refused("the final message's text is not a string");
          }
          List<Value> items = new ArrayList<>(parts.items());
          Value.Str more = new Value.Str(text.value() + TAG);
          items.set(i, new Dicts.Builder(part).put("text", more).build());
          replaceLast(tagged, new Value.ListOf(items, false));
          return new FinalMessage(tagged, text.value());
        }
      }
    }
    throw refused("the final message has no text");
  }

  private static void replaceLast(List<Value.Dict> conversation, Value content) {
    Value.Dict last = conversation.getLast();
    conversation.set(
        conversation.size() - 1, new Dicts.Builder(last).put("content", content).build());
  }

  /** The conversation to render. */
  List<Value.Dict> tagged() {
    return tagged;
  }

  /** The rendering up to the tag, without trailing spaces if the template trimmed the message. */
  String cut(String rendered) throws ChatException {
    int tag = rendered.lastIndexOf(BARE_TAG);
    if (tag < 0 || !rendered.contains(PythonText.strip(text))) {
      throw refused("the chat template does not show the final message");
    }
    String kept = rendered.substring(0, tag);
    return rendered.startsWith(TAG, tag) ? kept : PythonText.stripEnd(kept);
  }

  private static ChatException refused(String why) {
    return new ChatException(Stage.RENDER, "continue_final_message: " + why);
  }
}
