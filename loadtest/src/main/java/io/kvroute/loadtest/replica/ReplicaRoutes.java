package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineFlavor;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Maps paths to answers. Runs on the connection's event loop; a worker parses the requests. */
final class ReplicaRoutes implements Consumer<HttpExchange> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaRoutes.class);
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";

  private final SimulatedEngine engine;
  private final EngineRequestReader reader;
  private final Pages pages;
  private final Pages control;
  private final FaultSwitch faults;
  private final boolean tokenizes;
  private final Executor worker;
  private final RequestIds ids;

  /**
   * @param worker parses and encodes requests
   */
  ReplicaRoutes(
      SimulatedEngine engine,
      EngineRequestReader reader,
      Pages pages,
      Pages control,
      FaultSwitch faults,
      Executor worker) {
    this.engine = engine;
    this.reader = reader;
    this.pages = pages;
    this.control = control;
    this.tokenizes = engine.options().profile().flavor() == EngineFlavor.VLLM;
    this.faults = faults;
    this.worker = worker;
    this.ids = new RequestIds(engine.options().seed());
  }

  /** A worker's task with a request's JSON; the event loop answers with its result. */
  private interface Reading {
    Runnable read(JsonNode json, byte[] body) throws VllmErrorException;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the loop runs it or is gone
  public void accept(HttpExchange exchange) {
    HttpRequestData request = exchange.request();
    String path = request.path();
    if (path.startsWith("/control/")) {
      control.answer(exchange);
      return;
    }
    boolean generates = path.equals(CHAT) || path.equals(COMPLETIONS);
    Faults fault = faults.take(generates);
    if (fault.refuse()) {
      exchange.reset();
      return;
    }
    if (fault.hang()) {
      return;
    }
    if (!generates) {
      if (tokenizes && path.equals("/tokenize") && request.method().equals("POST")) {
        tokenize(exchange);
      } else {
        pages.answer(exchange);
      }
      return;
    }
    if (!request.method().equals("POST")) {
      exchange.error(VllmErrorException.http(405, "Method Not Allowed"));
    } else if (fault.delayMillis() > 0) {
      exchange
          .eventLoop()
          .schedule(() -> generate(exchange, fault), fault.delayMillis(), TimeUnit.MILLISECONDS);
    } else {
      generate(exchange, fault);
    }
  }

  private void generate(HttpExchange exchange, Faults fault) {
    if (fault.status() != 0) {
      exchange.error(
          new VllmErrorException(
              fault.status(), "InternalServerError", null, "a fault on purpose"));
      return;
    }
    boolean chat = exchange.request().path().equals(CHAT);
    read(
        exchange,
        (json, body) -> {
          AnswerRequest request = chat ? reader.chat(json, body) : reader.completion(json);
          String given = exchange.request().requestId();
          String id = given == null ? ids.next() : given;
          long created = System.currentTimeMillis() / 1000;
          String model = engine.options().model();
          AnswerFormat format =
              chat
                  ? new ChatFormat(id, created, model, request)
                  : new CompletionFormat(id, created, model, request);
          return new Answer(exchange, request, format, engine, fault.dieAfterChunks())::start;
        });
  }

  private void tokenize(HttpExchange exchange) {
    switch (faults.ofTokenize()) {
      case NOTHING ->
          read(exchange, (json, body) -> tokenize(exchange, reader.tokenize(json, body)));
      case SILENT -> {}
      case MISSING -> exchange.json(404, "{\"detail\":\"Not Found\"}");
      case GARBAGE -> exchange.respond(200, "text/html", "<html>tokens</html>");
    }
  }

  private Runnable tokenize(HttpExchange exchange, int[] ids) {
    String body =
        "{\"count\":%d,\"max_model_len\":%d,\"tokens\":%s,\"token_strs\":null}"
            .formatted(
                ids.length, engine.options().profile().maxModelTokens(), AnswerFormat.ids(ids));
    return () -> exchange.json(200, body);
  }

  private void read(HttpExchange exchange, Reading reading) {
    HttpRequestData request = exchange.request();
    worker.execute(() -> exchange.eventLoop().execute(answer(exchange, request, reading)));
  }

  private static Runnable answer(HttpExchange exchange, HttpRequestData request, Reading reading) {
    try {
      JsonNode json = EngineRequestReader.json(request.contentType(), request.body());
      return reading.read(json, request.body());
    } catch (VllmErrorException e) {
      return () -> exchange.error(e);
    } catch (RuntimeException e) {
      LOG.warn("a simulated replica failed on {}", request.path(), e);
      return () ->
          exchange.error(
              new VllmErrorException(500, "InternalServerError", null, String.valueOf(e)));
    }
  }
}
