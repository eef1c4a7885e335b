package io.kvroute.loadtest.simulate;

/** The process that all clients are in, and what its work takes. */
record Clients(EventLoop loop, double requestNanos, double chunkNanos) {

  void request(Runnable sent) {
    loop.run(requestNanos, sent);
  }

  void chunk(Runnable read) {
    loop.run(chunkNanos, read);
  }
}
