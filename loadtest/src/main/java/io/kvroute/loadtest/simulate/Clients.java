package io.kvroute.loadtest.simulate;

/**
 * The process in which all clients run, and the time that its work takes.
 *
 * @param requestNanos CPU time to send one request
 * @param chunkNanos CPU time to read one token of an answer
 */
record Clients(EventLoop loop, double requestNanos, double chunkNanos) {

  void request(Runnable sent) {
    loop.run(requestNanos, sent);
  }

  void chunk(Runnable read) {
    loop.run(chunkNanos, read);
  }
}
