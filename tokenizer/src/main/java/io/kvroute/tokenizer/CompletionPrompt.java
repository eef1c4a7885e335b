package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the prompt of a {@code /v1/completions} request: a text, a list of ids, or the first entry
 * of a list of either.
 */
final class CompletionPrompt {

  private CompletionPrompt() {}

  static RenderedPrompt of(Value.Dict request) throws PromptException {
    Value prompt = get(request, "prompt");
    boolean addSpecialTokens =
        !(get(request, "add_special_tokens") instanceof Value.Bool flag) || flag.value();
    if (prompt instanceof Value.ListOf list
        && !list.items().isEmpty()
        && !(list.items().getFirst() instanceof Value.Int)) {
      prompt = list.items().getFirst();
    }
    if (prompt instanceof Value.Str text) {
      return new RenderedPrompt.Text(
          RenderedPrompt.Kind.COMPLETION, text.value(), addSpecialTokens);
    }
    if (prompt instanceof Value.ListOf list && !list.items().isEmpty()) {
      return new RenderedPrompt.Ids(ids(list.items()));
    }
    throw refused();
  }

  private static @Nullable Value get(Value.Dict request, String name) {
    return request.entries().get(new Value.Str(name));
  }

  private static int[] ids(List<Value> items) throws PromptException {
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!(items.get(i) instanceof Value.Int id)
          || id.value() < 0
          || id.value() > Integer.MAX_VALUE) {
        throw refused();
      }
      ids[i] = (int) id.value();
    }
    return ids;
  }

  private static PromptException refused() {
    return new PromptException(
        Stage.REQUEST, "prompt: (expected: a string, token ids, or a list of these)");
  }
}
