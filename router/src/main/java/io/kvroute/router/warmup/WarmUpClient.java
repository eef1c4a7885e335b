package io.kvroute.router.warmup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.SplittableRandom;

/**
 * A client that holds one conversation after another over one connection. Each conversation starts
 * with a system prompt of its own and repeats its whole history in each turn. The conversations
 * differ in what compiled code depends on: fields, tools, content in parts, letters outside ASCII.
 * Not thread-safe.
 */
public final class WarmUpClient implements AutoCloseable {

  private static final int TURNS = 6;
  private static final int SYSTEM_WORDS = 120;
  private static final int TURN_WORDS = 60;
  private static final int ANSWER_WORDS = 8;
  private static final int WORDS_A_LINE = 12;
  private static final int OK = 200;

  private static final String[] SYLLABLES =
      "ka ro in the mi ser ou te lan de pre fix ing er st Ka don't 42 (a) é ü 中文 😀 \\t \\\"q\\\" \\u00df"
          .split(" ");

  private static final String TOOLS =
      """
      ,"tools":[{"type":"function","function":{"name":"get_weather","description":"The weather.",\
      "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]""";

  private static final String HEAD =
      """
      POST /v1/chat/completions HTTP/1.1\r
      Host: warm-up:8000\r
      Accept: application/json\r
      Accept-Encoding: gzip, deflate\r
      Connection: keep-alive\r
      User-Agent: OpenAI/Python 1.0\r
      X-Stainless-Lang: python\r
      Authorization: Bearer none\r
      Content-Type: application/json\r
      Content-Length:\s""";

  private final Socket connection = new Socket();
  private final MessageReader answers;
  private final OutputStream out;
  private final String model;
  private final SplittableRandom random;
  private final StringBuilder history = new StringBuilder();
  private int conversation;
  private int turn;

  /**
   * Connects to a router.
   *
   * @param seed decides what is said
   * @throws IOException if the router does not accept the connection
   */
  public WarmUpClient(InetSocketAddress router, String model, long seed) throws IOException {
    this.model = model;
    this.random = new SplittableRandom(seed);
    connection.connect(router);
    connection.setTcpNoDelay(true);
    answers = new MessageReader(connection.getInputStream());
    out = connection.getOutputStream();
  }

  /**
   * Sends the next turn and waits for its answer.
   *
   * @throws IOException if the answer is not whole or its status is not 200
   */
  public void ask() throws IOException {
    if (turn == TURNS) {
      turn = 0;
      conversation++;
      history.setLength(0);
    }
    if (turn == 0) {
      say("system", SYSTEM_WORDS);
    }
    say("user", TURN_WORDS);
    byte[] body = body().getBytes(UTF_8);
    out.write((HEAD + body.length + "\r\n\r\n").getBytes(UTF_8));
    out.write(body);
    if (!answers.readMessage()) {
      throw new IOException("the router closed the connection (expected: an answer)");
    }
    if (answers.status() != OK) {
      throw new IOException("status " + answers.status() + " (expected: 200)");
    }
    say("assistant", ANSWER_WORDS);
    turn++;
  }

  private String body() {
    boolean stream = turn != TURNS - 1;
    String tools = conversation % 4 == 1 ? TOOLS : "";
    return conversation % 2 == 0
        ? "{\"model\":\"%s\",\"messages\":[%s],\"max_tokens\":8,\"stream\":%s%s}"
            .formatted(model, history, stream, tools)
        : "{\"messages\": [%s], \"model\": \"%s\", \"temperature\": 0.7, \"stream\":%s%s}"
            .formatted(history, model, stream, tools);
  }

  private void say(String role, int words) {
    boolean parts = conversation % 4 == 2;
    history.append(history.isEmpty() ? "" : ",");
    history.append("{\"role\":\"").append(role).append("\",\"content\":");
    history.append(parts ? "[{\"type\":\"text\",\"text\":\"" : "\"");
    for (int i = 1; i <= words; i++) {
      int syllables = 1 + random.nextInt(3);
      for (int j = 0; j < syllables; j++) {
        history.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
      history.append(i % WORDS_A_LINE == 0 ? ".\\n" : " ");
    }
    history.append(parts ? "\"}]}" : "\"}");
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
