package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.ContentFormat;
import io.kvroute.tokenizer.jinja.RenderException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns chat requests into the text that the engine tokenizes. Follows the steps of vLLM in its
 * order: validate the request, read the messages in the content format of the template, collect the
 * arguments of the template, render. Safe for any number of threads.
 */
public final class ChatRenderer {

  /**
   * The engine's settings.
   *
   * @param contentFormat null to detect it from the template
   * @param defaultKwargs arguments of the template that requests may override
   * @param trustRequestTemplate whether a request may bring a template of its own
   * @param excludeToolsWhenToolChoiceNone whether {@code tool_choice: none} hides the tools
   */
  public record Settings(
      @Nullable ContentFormat contentFormat,
      Value.Dict defaultKwargs,
      boolean trustRequestTemplate,
      boolean excludeToolsWhenToolChoiceNone,
      Clock clock) {}

  private static final String MARK_OF_MEDIA = "\ue000";

  private final ChatTemplates templates;
  private final Map<String, Value> specialTokens;
  private final Settings settings;

  /**
   * @param specialTokens the model's {@code bos_token}, {@code eos_token} and so on, by name
   */
  public ChatRenderer(
      ChatTemplates templates, Map<String, Value> specialTokens, Settings settings) {
    this.templates = templates;
    this.specialTokens = Map.copyOf(specialTokens);
    this.settings = settings;
  }

  /** The text of the request with the given body. */
  public RenderedChat render(Value.Dict body) throws ChatException {
    ChatRequest request = ChatRequest.of(body);
    refuseUntrustedTemplate(request);
    TemplateKwargs kwargs = TemplateKwargs.of(request, settings.defaultKwargs(), tools(request));
    ContentFormat format = format(request, kwargs);
    ContentReader reader = new ContentReader(format, null);
    String text = render(request, kwargs, reader);
    if (kwargs.tokenizedByTransformers() && !PythonText.isEncodable(text)) {
      throw new ChatException(Stage.RENDER, "the prompt holds a lone surrogate");
    }
    int exactChars = text.length();
    if (!reader.media().isEmpty()) {
      String marked = render(request, kwargs, new ContentReader(format, MARK_OF_MEDIA));
      exactChars = commonPrefix(text, marked);
    }
    return new RenderedChat(
        text,
        request.addSpecialTokens() && !kwargs.tokenizedByTransformers(),
        exactChars,
        reader.media().stream().map(MediaPart::identity).toList());
  }

  private Value.@Nullable ListOf tools(ChatRequest request) {
    boolean hidden = request.toolChoiceNone() && settings.excludeToolsWhenToolChoiceNone();
    return hidden ? null : request.tools();
  }

  private void refuseUntrustedTemplate(ChatRequest request) throws ChatException {
    boolean brings =
        request.template().own() != null
            || Dicts.present(request.template().kwargs(), "chat_template") != null;
    if (brings && !settings.trustRequestTemplate()) {
      throw new ChatException(
          Stage.REQUEST, "chat_template: (expected: none, for the engine trusts only its own)");
    }
  }

  /** The engine detects the format before it reads {@code chat_template_kwargs}. */
  private ContentFormat format(ChatRequest request, TemplateKwargs kwargs) {
    if (settings.contentFormat() != null) {
      return settings.contentFormat();
    }
    String own = request.template().own();
    ChatTemplate template =
        own == null || own.isEmpty()
            ? templates.ofModel(kwargs.tools() != null)
            : templates.ofRequest(own);
    return template == null ? ContentFormat.STRING : template.contentFormat();
  }

  /** The argument {@code auto} counts as none. */
  private ChatTemplate template(ChatRequest request, TemplateKwargs kwargs) throws ChatException {
    String own = request.template().own();
    if (own != null && !own.isEmpty() && !own.equals("auto")) {
      return templates.ofRequest(own);
    }
    Value argument = kwargs.chatTemplate();
    if (argument instanceof Value.Str text) {
      return templates.ofRequest(text.value());
    }
    ChatTemplate ofModel = templates.ofModel(kwargs.tools() != null);
    if (argument != null || ofModel == null) {
      throw new ChatException(
          Stage.RENDER,
          argument == null
              ? "the model has no chat template (expected: one, or --chat-template FILE)"
              : "chat_template_kwargs: chat_template (expected: a string)");
    }
    return ofModel;
  }

  private String render(ChatRequest request, TemplateKwargs kwargs, ContentReader reader)
      throws ChatException {
    List<Value.Dict> conversation = Conversation.of(request.messages(), reader);
    ChatTemplate template = template(request, kwargs);
    if (!template.knowsDeveloperRole()) {
      conversation = DeveloperRole.replacedBySystem(conversation);
    }
    if (conversation.isEmpty()) {
      throw new ChatException(Stage.RENDER, "messages: none (expected: at least one)");
    }
    if (!request.ending().continueFinalMessage()) {
      return fill(template, kwargs, conversation);
    }
    if (request.ending().addGenerationPrompt()) {
      throw new ChatException(
          Stage.RENDER, "continue_final_message: needs add_generation_prompt false");
    }
    FinalMessage last = FinalMessage.tag(conversation, template.text());
    return last.cut(fill(template, kwargs, last.tagged()));
  }

  private String fill(ChatTemplate template, TemplateKwargs kwargs, List<Value.Dict> conversation)
      throws ChatException {
    Map<String, Value> variables =
        kwargs.variables(template.compiled().undeclaredVariables(), specialTokens);
    List<Value> messages = new ArrayList<>(conversation.size());
    for (Value.Dict message : conversation) {
      messages.add(TemplateMessage.of(message));
    }
    variables.put("messages", new Value.ListOf(messages, false));
    try {
      return template.compiled().render(variables, RenderLimits.DEFAULT, settings.clock());
    } catch (RenderException e) {
      throw new ChatException(Stage.RENDER, String.valueOf(e.getMessage()));
    }
  }

  private static int commonPrefix(String one, String other) {
    int i = 0;
    int end = Math.min(one.length(), other.length());
    while (i < end && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }
}
