package io.kvroute.tokenizer.chat;

import static io.kvroute.tokenizer.chat.Shape.ANY_DICT;
import static io.kvroute.tokenizer.chat.Shape.BOOL;
import static io.kvroute.tokenizer.chat.Shape.STRING;
import static io.kvroute.tokenizer.chat.Shape.listOf;
import static io.kvroute.tokenizer.chat.Shape.literal;
import static io.kvroute.tokenizer.chat.Shape.oneOf;
import static io.kvroute.tokenizer.chat.Shape.orNull;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields that constrain what the model may write (vLLM 0.33, {@code ResponseFormat} and {@code
 * StructuredOutputsParams}). Does not check whether a grammar is valid; the engine does.
 */
final class OutputShapes {

  private static final List<String> CONSTRAINTS =
      List.of("json", "regex", "choice", "grammar", "json_object", "structural_tag");

  private static final Shape JSON_SCHEMA =
      DictShape.empty()
          .required("name", STRING)
          .optional("description", orNull(STRING))
          .optional("schema", orNull(ANY_DICT))
          .optional("strict", orNull(BOOL));

  private static final Shape TAG =
      DictShape.empty()
          .required("begin", STRING)
          .optional("schema", orNull(ANY_DICT))
          .required("end", STRING);

  static final Shape RESPONSE_FORMAT =
      oneOf(
          DictShape.empty()
              .required("type", literal("text", "json_object"))
              .optional("json_schema", orNull(JSON_SCHEMA)),
          DictShape.empty()
              .required("type", literal("json_schema"))
              .required("json_schema", JSON_SCHEMA),
          DictShape.empty()
              .required("type", literal("structural_tag"))
              .required("format", Shape.Match::plain),
          DictShape.empty()
              .required("type", literal("structural_tag"))
              .required("structures", listOf(TAG))
              .required("triggers", listOf(STRING)));

  private static final Shape OUTPUT_FIELDS =
      DictShape.empty()
          .optional("json", orNull(oneOf(STRING, ANY_DICT)))
          .optional("regex", orNull(STRING))
          .optional("choice", orNull(listOf(STRING)))
          .optional("grammar", orNull(STRING))
          .optional("json_object", orNull(BOOL))
          .optional("disable_any_whitespace", BOOL)
          .optional("disable_additional_properties", BOOL)
          .optional("whitespace_pattern", orNull(STRING))
          .optional("structural_tag", orNull(STRING));

  static final Shape STRUCTURED_OUTPUTS =
      value ->
          value instanceof Value.Dict dict && count(dict, CONSTRAINTS) == 1
              ? OUTPUT_FIELDS.match(value)
              : null;

  private OutputShapes() {}

  /** A schema, pattern or choice cannot be combined with a named tool. */
  static void validateBesideTools(Value.Dict outputs, @Nullable Value toolChoice)
      throws ChatException {
    boolean free =
        toolChoice == null || literal("none", "auto", "required").match(toolChoice) != null;
    if (!free && count(outputs, List.of("json", "regex", "choice")) > 0) {
      throw new ChatException(
          Stage.REQUEST, "structured_outputs: (expected: none together with a named tool)");
    }
  }

  private static long count(Value.Dict dict, List<String> keys) {
    return keys.stream().filter(key -> Dicts.present(dict, key) != null).count();
  }
}
