package io.kvroute.loadtest.replica;

/** An engine's endpoints that generate no text. Runs on the connection's event loop. */
interface Pages {

  /** Answers a request to such an endpoint. */
  void answer(HttpExchange exchange);

  /** Answers if the method is allowed, else reports that it is not. */
  static void only(boolean method, HttpExchange exchange, Runnable answer) {
    if (method) {
      answer.run();
    } else {
      exchange.error(VllmErrorException.http(405, "Method Not Allowed"));
    }
  }
}
