package io.kvroute.loadtest.replica;

/** What an engine's server answers besides generated text. On the connection's event loop. */
interface Pages {

  /** Answers a request to any path that generates nothing. */
  void answer(HttpExchange exchange);

  /** Answers if the method is the right one, else says that it isn't. */
  static void only(boolean method, HttpExchange exchange, Runnable answer) {
    if (method) {
      answer.run();
    } else {
      exchange.error(VllmErrorException.http(405, "Method Not Allowed"));
    }
  }
}
