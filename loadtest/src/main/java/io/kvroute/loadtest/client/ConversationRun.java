package io.kvroute.loadtest.client;

import io.kvroute.loadtest.workload.ScriptedConversation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plays conversations, each on its own virtual thread, and returns all turns. */
public final class ConversationRun {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChatClient client;
  private final String model;
  private final LongSupplier clockNanos;
  private final Consumer<ChatTurn> onTurn;

  /**
   * Creates a run.
   *
   * @param clockNanos nanoseconds since the run began
   * @param onTurn called after each turn, on the thread of its conversation
   */
  public ConversationRun(
      ChatClient client, String model, LongSupplier clockNanos, Consumer<ChatTurn> onTurn) {
    this.client = client;
    this.model = model;
    this.clockNanos = clockNanos;
    this.onTurn = onTurn;
  }

  /** Plays all conversations to their ends. A failed turn ends its conversation. */
  public List<ChatTurn> play(List<ScriptedConversation> conversations) throws InterruptedException {
    List<Future<List<ChatTurn>>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ScriptedConversation conversation : conversations) {
        running.add(threads.submit(() -> play(conversation)));
      }
    }
    List<ChatTurn> turns = new ArrayList<>();
    for (Future<List<ChatTurn>> one : running) {
      try {
        turns.addAll(one.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a conversation failed to play", e.getCause());
      }
    }
    return turns;
  }

  private List<ChatTurn> play(ScriptedConversation conversation) throws InterruptedException {
    List<ChatTurn> played = new ArrayList<>();
    ArrayNode messages = JSON.createArrayNode();
    say(messages, "system", conversation.systemPrompt());
    long dueNanos = TimeUnit.MILLISECONDS.toNanos(conversation.arrivalMillis());
    for (ScriptedConversation.Turn turn : conversation.turns()) {
      dueNanos += TimeUnit.MILLISECONDS.toNanos(turn.thinkMillis());
      TimeUnit.NANOSECONDS.sleep(dueNanos - clockNanos.getAsLong());
      say(messages, "user", turn.text());
      String body = body(messages, turn.answerTokens());
      ChatTurn done = client.send(conversation.id(), played.size(), body, dueNanos);
      played.add(done);
      onTurn.accept(done);
      if (done.failed()) {
        break;
      }
      say(messages, "assistant", done.answer());
      dueNanos = done.times().finishedNanos();
    }
    return played;
  }

  private static void say(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }

  private String body(ArrayNode messages, int answerTokens) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model).put("stream", true).put("max_tokens", answerTokens);
    body.putObject("stream_options").put("include_usage", true);
    body.set("messages", messages);
    return body.toString();
  }
}
